"""A unit's appeal against a callback's answer (申诉): another agent calls the citizen again; both answers stay."""

from django.db import models
from django.db.models import F, Q

from huiyin.domain.vocabulary import Satisfaction


class Appeal(models.Model):
    """`upheld`: the answers of the second call count instead of the first; the first stays in the case's history."""

    case_id = models.BigIntegerField()
    unit_id = models.IntegerField()
    grounds = models.TextField()
    attachment_ids = models.JSONField(default=list)
    filed_by_id = models.BigIntegerField()
    filed_by = models.CharField(max_length=60)
    filed_at = models.DateTimeField()
    first_agent_id = models.BigIntegerField(null=True)  # who asked the first time; none: the citizen by link or page
    upheld = models.BooleanField(null=True)
    ruled_by_id = models.BigIntegerField(null=True)
    ruled_by = models.CharField(max_length=60, blank=True)
    ruled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)
    contacted = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=20, choices=Satisfaction.choices(), null=True)

    class Meta:
        db_table = "assessment_appeal"
        constraints = [
            models.UniqueConstraint(fields=["case_id"], name="assessment_appeal_once"),
            models.CheckConstraint(
                name="assessment_other_agent",
                condition=Q(ruled_by_id__isnull=True)
                | Q(first_agent_id__isnull=True)
                | ~Q(ruled_by_id=F("first_agent_id")),
            ),
            models.CheckConstraint(
                name="assessment_upheld_answered",
                condition=~Q(upheld=True) | Q(contacted__isnull=False, satisfaction__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["filed_at", "id"], name="assessment_appeal_open", condition=Q(upheld__isnull=True)),
            models.Index(fields=["unit_id", "-filed_at", "-id"], name="assessment_appeal_unit"),
        ]

    def __str__(self) -> str:
        return f"appeal of {self.case_id}"
