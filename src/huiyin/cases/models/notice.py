"""Words to a unit or a person about a case: new, due soon, overdue, urged, ruled. Made from events by subscriptions."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    unit_id = models.IntegerField()
    staff_id = models.IntegerField(null=True)  # empty: everybody at the unit
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="notices")
    event_id = models.BigIntegerField()
    action = models.CharField(max_length=24)
    text = models.CharField(max_length=200)
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "case_notice"
        constraints = [models.UniqueConstraint(fields=["event_id", "unit_id"], name="case_notice_once")]
        indexes = [
            models.Index(fields=["unit_id", "-id"], name="case_notice_unit"),
            models.Index(fields=["unit_id"], name="case_notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"
