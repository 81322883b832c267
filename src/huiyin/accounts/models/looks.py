"""Who looked at whose personal data: pages that show identity data, single fields revealed for a stated reason."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class RevealedField(models.TextChoices):
    PHONE = "phone", "联系电话"
    NAME = "name", "姓名"
    ADDRESS = "address", "详细地址"
    ID_NUMBER = "id_number", "证件号码"
    CONTENT = "content", "保密诉求内容"
    IDENTITY = "identity", "全部身份信息"


class Purpose(models.TextChoices):
    CONTACT = "contact", "联系诉求人"
    VISIT = "visit", "现场核实办理"
    CALLBACK = "callback", "回访"
    VERIFY = "verify", "核对身份"
    SUPERVISION = "supervision", "监督检查"
    OTHER = "other", "其他"


class RevealLog(models.Model):
    """One field of one case shown in full to one person; rows are only ever added."""

    case_id = models.BigIntegerField("案件")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="查阅人"
    )
    unit_id = models.BigIntegerField("单位", null=True)
    field = models.CharField("内容", max_length=20, choices=RevealedField.choices)
    purpose = models.CharField("用途", max_length=20, choices=Purpose.choices)
    reason = models.CharField("事由", max_length=200)
    at = models.DateTimeField("时间")
    ip = models.GenericIPAddressField("地址", null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["case_id", "-id"], name="reveal_of_case"),
            models.Index(fields=["staff", "-id"], name="reveal_by_staff"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="reveal_has_reason")]

    def __str__(self) -> str:
        return f"{self.field} of case {self.case_id}"


class AccessLog(models.Model):
    """One person opened a page that shows a case's identity data (masked or not); rows are only ever added."""

    case_id = models.BigIntegerField("案件")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="查阅人"
    )
    unit_id = models.BigIntegerField("单位", null=True)
    page = models.CharField("页面", max_length=40)
    at = models.DateTimeField("时间")
    ip = models.GenericIPAddressField("地址", null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["case_id", "-id"], name="access_of_case"),
            models.Index(fields=["staff", "-id"], name="access_by_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.page} of case {self.case_id}"
