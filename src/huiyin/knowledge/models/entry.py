"""An entry of the knowledge base (知识条目) and its versions; a version is never changed, only followed by another."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from huiyin.domain.vocabulary import Term
from huiyin.registry.models import Area, Unit


class State(Term):
    DRAFT = "draft", "待审"
    IN_FORCE = "in_force", "有效"
    WITHDRAWN = "withdrawn", "停用"


class Entry(models.Model):
    """What stays the same while versions come and go. `current` is what may be answered; none before the first
    publishing and after a withdrawal. `latest` may be a draft that waits behind it."""

    code = models.CharField("编号", max_length=40, null=True, unique=True)  # of the system that it came from
    current = models.ForeignKey("EntryVersion", on_delete=models.PROTECT, null=True, related_name="+")
    latest = models.ForeignKey("EntryVersion", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("创建时间")

    class Meta:
        db_table = "knowledge_entry"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"K{self.pk}"


class EntryVersion(models.Model):
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本")
    state = models.CharField("状态", max_length=12, choices=State.choices())
    title = models.CharField("标题", max_length=120)
    questions = ArrayField(models.CharField(max_length=120), verbose_name="问法", default=list, blank=True)
    answer = models.TextField("答复")
    source = models.CharField("来源文件", max_length=200)
    issuer = models.CharField("发布单位", max_length=80, blank=True)
    link = models.URLField("链接", max_length=400, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用区域"
    )
    class_codes = ArrayField(models.CharField(max_length=12), verbose_name="类别代码", default=list, blank=True)
    valid_from = models.DateField("生效日期")
    valid_until = models.DateField("有效期至", null=True, blank=True)
    review_date = models.DateField("复核日期", null=True, blank=True)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="责任单位")
    public = models.BooleanField("对市民公开", default=False)
    note = models.CharField("修改说明", max_length=200, blank=True)
    editor_id = models.BigIntegerField(null=True)
    editor_name = models.CharField("修改人", max_length=60)
    at = models.DateTimeField("修改时间")

    class Meta:
        db_table = "knowledge_version"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="knowledge_version_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="knowledge_dates_in_order",
            ),
            models.CheckConstraint(condition=~Q(answer="") & ~Q(title="") & ~Q(source=""), name="knowledge_complete"),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """One row: its number changes with every write, so that each process knows when to read anew."""

    number = models.BigIntegerField()

    class Meta:
        db_table = "knowledge_revision"

    def __str__(self) -> str:
        return str(self.number)
