"""Words to a unit or a person about a case: new, due soon, overdue, urged, ruled. Made from events by subscriptions.

Rooms above write words of their own: about a case, or with a `link` to what no case is behind.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    unit_id = models.IntegerField()
    staff_id = models.IntegerField(null=True)  # empty: everybody at the unit
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, null=True, related_name="notices")
    link = models.CharField(max_length=200, blank=True)  # a page of ours, where no case is meant
    event_id = models.BigIntegerField()
    action = models.CharField(max_length=24)
    text = models.CharField(max_length=200)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        db_table = "case_notice"
        constraints = [
            models.UniqueConstraint(
                fields=["event_id", "unit_id", "staff_id"], name="case_notice_once", nulls_distinct=False
            ),
            models.CheckConstraint(name="case_notice_leads", condition=Q(case__isnull=False) | ~Q(link="")),
        ]
        indexes = [
            models.Index(fields=["unit_id", "-id"], name="case_notice_unit"),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class NoticeMark(models.Model):
    """Up to where one person has read the words to one unit: each reads for himself."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    unit_id = models.IntegerField()
    seen_id = models.BigIntegerField(default=0)  # number of the newest notice that was read

    class Meta:
        db_table = "case_notice_mark"
        constraints = [models.UniqueConstraint(fields=["staff", "unit_id"], name="case_notice_mark_once")]

    def __str__(self) -> str:
        return f"{self.staff_id} has read unit {self.unit_id} to {self.seen_id}"
