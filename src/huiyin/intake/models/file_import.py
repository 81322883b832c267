"""A file of cases that an administrator brings in: first checked, then imported, with what became of each row."""

from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q

from huiyin.domain.vocabulary import Term


class ImportState(Term):
    CHECKING = "checking", "检查中"
    CHECKED = "checked", "待开始"
    RUNNING = "running", "导入中"
    DONE = "done", "已完成"
    FAILED = "failed", "未能进行"


class FileImport(models.Model):
    """One upload. The file lies in the file storage until it is imported or thrown away."""

    name = models.CharField(max_length=200)
    stored_as = models.CharField(max_length=200, default="", blank=True)  # empty: the file is gone again
    size = models.BigIntegerField()
    source = models.CharField(max_length=40, default="", blank=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ImportState.choices(), default=str(ImportState.CHECKING))
    share = models.FloatField(default=0)  # of the file, dealt with so far
    beat_at = models.DateTimeField()  # when the job last said where it is
    rows = models.IntegerField(default=0)
    imported = models.IntegerField(default=0)  # while it is only checked: that could be imported
    closed = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    # Of the imported cases, the lowest and the highest id: with the source they name exactly this import's cases.
    first_id = models.BigIntegerField(null=True)
    last_id = models.BigIntegerField(null=True)
    reasons = models.JSONField(default=dict, blank=True)  # of the rejected rows: how many by which field
    rejects_as = models.CharField(max_length=200, default="", blank=True)
    error = models.CharField(max_length=300, default="", blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_file_import"
        constraints = [
            # Whoever starts second is refused at once, also where two press the button together.
            models.UniqueConstraint(fields=["state"], name="intake_one_import_runs", condition=Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def label(self) -> str:
        return ImportState(self.state).label

    @property
    def is_busy(self) -> bool:
        return self.state in (ImportState.CHECKING, ImportState.RUNNING)

    @property
    def may_start(self) -> bool:
        """Not where no row could be checked: a file without the needed columns fails the same way again."""
        return bool(self.stored_as and self.rows) and self.state in (ImportState.CHECKED, ImportState.FAILED)

    @property
    def why_rejected(self) -> list[tuple[str, int]]:
        """What was wrong, the most frequent first."""
        return sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))

    @property
    def cases_query(self) -> str:
        """The search for the cases that this file brought in; empty where there are none."""
        if self.first_id is None:
            return ""
        return urlencode({"status": "all", "source": self.source, "ids": f"{self.first_id}-{self.last_id}"})

    @property
    def percent(self) -> int:
        return min(100, round(self.share * 100))
