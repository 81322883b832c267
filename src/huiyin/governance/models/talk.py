"""约谈: whom the rule or a leader names, when the talk was, what was said and promised, and what came of it."""

from django.db import models
from django.db.models import Q

from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import Group
from huiyin.governance.vocabulary import TalkState


class Talk(models.Model):
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=10, choices=Group.choices())
    unit_id = models.IntegerField()
    reason = models.CharField(max_length=200)  # as the rule told it, or a leader
    state = models.CharField(max_length=8, choices=TalkState.choices(), default=str(TalkState.PROPOSED))
    proposed_at = models.DateTimeField()
    held_on = models.DateField(null=True)
    held_by = models.CharField(max_length=60, blank=True)
    minutes = models.TextField(blank=True)
    promises = models.TextField(blank=True)
    promised_until = models.DateField(null=True)
    closed_by = models.CharField(max_length=60, blank=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=400, blank=True)

    class Meta:
        db_table = "governance_talk"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "group", "unit_id"], name="governance_talk_once"),
            models.CheckConstraint(
                name="governance_talk_held",
                condition=Q(state=str(TalkState.PROPOSED)) | Q(held_on__isnull=False) & ~Q(promises=""),
            ),
            models.CheckConstraint(
                name="governance_talk_closed", condition=~Q(state=str(TalkState.CLOSED)) | ~Q(outcome="")
            ),
        ]

    def __str__(self) -> str:
        return f"talk with {self.unit_id}"
