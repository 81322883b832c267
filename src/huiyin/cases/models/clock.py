"""The clocks that run now: one row a case and kind, gone when the clock stops. The history keeps what they did."""

from django.db import models
from django.db.models import Q

from huiyin.domain.vocabulary import ClockKind


class RunningClock(models.Model):
    """`next_at` is when the clock next has something to say: the yellow light, then the red one, then nothing."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=8, choices=ClockKind.choices())
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    warned = models.BooleanField(default=False)
    escalated = models.BooleanField(default=False)
    next_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_clock"
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="case_clock_once")]
        indexes = [
            models.Index(fields=["next_at", "id"], name="case_clock_next", condition=Q(next_at__isnull=False)),
            models.Index(fields=["kind", "due_at", "id"], name="case_clock_due"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"
