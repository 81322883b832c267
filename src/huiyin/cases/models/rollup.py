"""Counts that boards read: what came in and closed a day, what is open now; recomputed by the scheduler."""

from django.db import models


class DayCount(models.Model):
    """What came in, went out and was closed on one day (Asia/Shanghai); closed counts by the day of closing."""

    day = models.DateField()
    lead_unit_id = models.IntegerField(null=True)
    district_id = models.IntegerField(null=True)
    class_prefix = models.CharField(max_length=4)  # level two of the taxonomy
    channel = models.CharField(max_length=8)
    received = models.IntegerField(default=0)
    dispatched = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)

    class Meta:
        db_table = "case_day_count"
        indexes = [
            models.Index(fields=["day", "lead_unit_id"], name="case_day_count_unit"),
            models.Index(fields=["day", "district_id"], name="case_day_count_district"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.lead_unit_id} {self.class_prefix}"


class OpenCount(models.Model):
    """What is open at `counted_at`, by unit, district and class (level two). Lights are those of the handling limit."""

    counted_at = models.DateTimeField()
    lead_unit_id = models.IntegerField(null=True)
    district_id = models.IntegerField(null=True)
    class_prefix = models.CharField(max_length=4)
    open = models.IntegerField()
    undispatched = models.IntegerField()
    unsigned = models.IntegerField()
    near_due = models.IntegerField()
    overdue = models.IntegerField()
    suspended = models.IntegerField()
    in_return = models.IntegerField()
    urgent = models.IntegerField()  # 特急 and 紧急

    class Meta:
        db_table = "case_open_count"
        indexes = [
            models.Index(fields=["lead_unit_id"], name="case_open_count_unit"),
            models.Index(fields=["district_id"], name="case_open_count_district"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_unit_id} {self.class_prefix}: {self.open}"
