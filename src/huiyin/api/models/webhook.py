"""Addresses of other systems that are told of events, what was sent to them, and every attempt."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from huiyin.domain.vocabulary import Term


class Webhook(models.Model):
    """One subscription. No events named: all of them. No unit: the whole city; else its cases and those below it."""

    name = models.CharField("名称", max_length=60)
    url = models.CharField("地址", max_length=500)
    secret_sealed = models.BinaryField()
    events = ArrayField(models.CharField(max_length=24), verbose_name="事件", default=list, blank=True)
    unit_id = models.IntegerField("单位", null=True)
    confidential = models.BooleanField("包含保密件", default=False)
    active = models.BooleanField("启用", default=True)
    created_at = models.DateTimeField("创建时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="创建人"
    )
    failing_since = models.DateTimeField("开始失败", null=True)  # the first failure since the last success
    failures = models.PositiveIntegerField("连续失败", default=0)
    resume_at = models.DateTimeField("暂停至", null=True)  # the receiver is down: nothing is tried before
    disabled_at = models.DateTimeField("停用时间", null=True)
    disabled_because = models.CharField("停用原因", max_length=200, default="", blank=True)

    class Meta:
        db_table = "api_webhook"

    def __str__(self) -> str:
        return self.name


class DeliveryState(Term):
    PENDING = "pending", "待发送"
    DELIVERED = "delivered", "已送达"
    GIVEN_UP = "given_up", "已放弃"


class Delivery(models.Model):
    """One event for one webhook. `next_at`: when it may be (re)sent; a sender moves it on while it tries (a lease)."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.BigIntegerField()
    action = models.CharField(max_length=24)
    case_no = models.CharField(max_length=20)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices(), default=str(DeliveryState.PENDING))
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "api_webhook_delivery"
        constraints = [models.UniqueConstraint(fields=["webhook", "event_id"], name="api_delivery_once")]
        indexes = [
            models.Index(fields=["webhook", "next_at", "id"], name="api_delivery_due", condition=Q(state="pending")),
            models.Index(fields=["webhook", "-id"], name="api_delivery_newest"),
            models.Index(fields=["settled_at"], name="api_delivery_settled", condition=Q(settled_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class DeliveryAttempt(models.Model):
    """What came of one attempt: the status, or the reason why there was none."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.SmallIntegerField(null=True)
    problem = models.CharField(max_length=200, default="")
    milliseconds = models.IntegerField()

    class Meta:
        db_table = "api_webhook_attempt"

    def __str__(self) -> str:
        return f"attempt {self.pk}"
