"""A step that an evaluator asked for and a job takes: queued, running, done or refused with the reason."""

from django.db import models
from django.db.models import Q

from huiyin.evaluation.models.period import Period
from huiyin.evaluation.vocabulary import Step, WorkState


class Work(models.Model):
    """One at a time for a period. `words` say what came out, or why it was refused; `found` has a check's findings."""

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="works", db_index=False)
    step = models.CharField(max_length=8, choices=Step.choices())
    version_number = models.SmallIntegerField(null=True)
    draft_as_of = models.DateTimeField(null=True)  # of the draft that a reviewer had before him
    note = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=8, choices=WorkState.choices())
    words = models.TextField(blank=True)
    found = models.JSONField(default=dict)
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assessment_work"
        constraints = [
            models.UniqueConstraint(
                fields=["period"], name="assessment_work_alone", condition=Q(state__in=["queued", "running"])
            )
        ]
        indexes = [models.Index(fields=["period", "-id"], name="assessment_work_of")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.step} {self.state}"
