"""Who used which version for what: opened, read by a citizen, or quoted in the answer that closed a case."""

from django.db import models
from django.db.models import Q

from huiyin.cases.models import Case
from huiyin.domain.vocabulary import Term
from huiyin.knowledge.models.entry import Entry


class UseKind(Term):
    OPENED = "opened", "查看"
    CLOSED = "closed", "引用答复"
    PUBLIC = "public", "市民查看"


class Use(models.Model):
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="uses")
    version = models.PositiveIntegerField("版本")
    kind = models.CharField("用途", max_length=10, choices=UseKind.choices())
    at = models.DateTimeField("时间")
    staff_id = models.BigIntegerField(null=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        db_table = "knowledge_use"
        ordering = ["-id"]
        indexes = [models.Index(fields=["entry", "kind", "-at"], name="knowledge_use_of_entry")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="closed", case__isnull=False) | ~Q(kind="closed"), name="knowledge_closed_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id}.{self.version}"
