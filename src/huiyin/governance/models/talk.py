"""约谈: whom the rule or a leader names, when the talk was, what was said and promised, and what came of it."""

from django.db import models
from django.db.models import Q

from huiyin.evaluation.models import Period, Version
from huiyin.evaluation.vocabulary import Group
from huiyin.governance.vocabulary import TalkState


class Talk(models.Model):
    """`proposed_by` is empty where the rule named the unit. A unit has one talk that waits, however often it is named.

    Where a revision or the next month names it again before it was held, the one that waits takes the new reason.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    group = models.CharField(max_length=10, choices=Group.choices())
    unit_id = models.IntegerField()
    reason = models.TextField()
    by_rule = models.BooleanField()
    proposed_by = models.CharField(max_length=60, blank=True)
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=TalkState.choices(), default=str(TalkState.PROPOSED))
    held_on = models.DateField(null=True)
    held_by = models.CharField(max_length=60, blank=True)  # who wrote it down
    minutes = models.TextField(blank=True)
    promises = models.TextField(blank=True)
    promised_until = models.DateField(null=True)
    kept = models.BooleanField(null=True)  # whether the promises were
    outcome = models.TextField(blank=True)
    ended_by = models.CharField(max_length=60, blank=True)  # closed, or dropped with `outcome` as the reason
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "governance_talk"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "group", "unit_id"], name="governance_talk_once", condition=Q(by_rule=True)
            ),
            models.UniqueConstraint(
                fields=["group", "unit_id"],
                name="governance_talk_waits",
                condition=Q(state=str(TalkState.PROPOSED)),
            ),
            models.CheckConstraint(
                name="governance_talk_held",
                condition=~Q(state__in=[str(TalkState.HELD), str(TalkState.CLOSED)])
                | Q(held_on__isnull=False, promised_until__isnull=False) & ~Q(promises=""),
            ),
            models.CheckConstraint(
                name="governance_talk_ended",
                condition=~Q(state__in=[str(TalkState.CLOSED), str(TalkState.DROPPED)])
                | Q(ended_at__isnull=False) & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="governance_talk_kept", condition=~Q(state=str(TalkState.CLOSED)) | Q(kept__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"talk with {self.unit_id}"
