"""One pack a version and unit: how far it is, what it says, where its files lie; batches; who looked at it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.domain.vocabulary import Term
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import Group


class State(Term):
    WAITING = "waiting", "排队中"
    MAKING = "making", "制作中"
    READY = "ready", "已完成"
    FAILED = "failed", "未完成"


class Form(Term):
    """As what a pack leaves: the last three are files."""

    PAGE = "page", "网页"
    MEETING = "meeting", "会议视图"
    DOCX = "docx", "文档"
    PDF = "pdf", "PDF"
    PPTX = "pptx", "幻灯片"


class PackBatch(models.Model):
    """Packs that were asked for together; its progress is counted from its packs."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    total = models.IntegerField()
    asked_by_id = models.BigIntegerField()
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()

    class Meta:
        db_table = "pack_batch"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class Pack(models.Model):
    """`contents` is what every form prints; the files lie in `folder` of the file storage, outside the web's root."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=10, choices=Group.choices())
    unit_id = models.IntegerField()
    district_id = models.IntegerField(null=True)  # area, of districts and streets
    batch = models.ForeignKey(PackBatch, on_delete=models.SET_NULL, null=True, related_name="packs")
    state = models.CharField(max_length=8, choices=State.choices(), default=str(State.WAITING))
    error = models.CharField(max_length=200, default="", blank=True)
    contents = models.JSONField(null=True)
    folder = models.CharField(max_length=80, default="", blank=True)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField()  # when its state last moved: one that rests too long has lost its worker
    made_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)

    class Meta:
        db_table = "pack_pack"
        constraints = [
            models.UniqueConstraint(fields=["version", "group", "unit_id"], name="pack_once"),
            models.CheckConstraint(
                name="pack_ready_has_contents",
                condition=~Q(state=str(State.READY)) | Q(contents__isnull=False, made_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "state"], name="pack_of_batch"),
            models.Index(
                fields=["touched_at"],
                name="pack_under_way",
                condition=Q(state__in=[str(State.WAITING), str(State.MAKING)]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.group} {self.unit_id}"

    @property
    def label(self) -> str:
        return State(self.state).label

    @property
    def is_ready(self) -> bool:
        return self.state == State.READY

    @property
    def is_busy(self) -> bool:
        return self.state in (State.WAITING, State.MAKING)


class Look(models.Model):
    """A pack was opened or taken away; rows are only ever added."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="looks")
    form = models.CharField(max_length=8, choices=Form.choices())
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        db_table = "pack_look"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.form} of pack {self.pack_id}"
