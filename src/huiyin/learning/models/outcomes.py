"""What the machine proposed for a case and what came of it; counts by day for the page; how far the reader got."""

from django.db import models
from django.db.models import Q


class Outcome(models.Model):
    """One row a case that was sent to a unit. `*_right` is null until it is known; a text is never kept."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="+", primary_key=True)
    dispatched_at = models.DateTimeField()  # for the first time
    automatic = models.BooleanField()  # without a person
    confidence = models.FloatField(null=True)  # that the proposed unit is right
    share = models.FloatField(null=True)  # what the unit's confidence was made from, before calibration
    unit_proposed = models.IntegerField(null=True)
    unit_id = models.IntegerField()  # the unit that has it now, or had it last
    unit_right = models.BooleanField(null=True)
    class_confidence = models.FloatField(null=True)
    class_proposed = models.CharField(max_length=6, default="", blank=True)
    class_code = models.CharField(max_length=6, default="", blank=True)
    class_right = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    model = models.IntegerField(null=True)  # number of the version that proposed
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "learning_outcome"
        indexes = [
            models.Index(fields=["dispatched_at"], name="learning_outcome_sent"),
            models.Index(fields=["changed_at"], name="learning_outcome_changed"),
            models.Index(fields=["-dispatched_at"], name="learning_outcome_automatic", condition=Q(automatic=True)),
        ]

    def __str__(self) -> str:
        return f"outcome of case {self.case_id}"


class OutcomeDay(models.Model):
    """Counts of one day of dispatch (Asia/Shanghai), by class (level two) and unit; rewritten whole."""

    day = models.DateField()
    class_prefix = models.CharField(max_length=4)
    unit_id = models.IntegerField()
    dispatched = models.IntegerField()
    automatic = models.IntegerField()
    automatic_wrong = models.IntegerField()
    unit_known = models.IntegerField()  # proposals of a unit whose rightness is known, automatic or not
    unit_right = models.IntegerField()
    class_known = models.IntegerField()
    class_right = models.IntegerField()

    class Meta:
        db_table = "learning_outcome_day"
        indexes = [models.Index(fields=["day"], name="learning_outcome_day_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.class_prefix} {self.unit_id}"


class ConfidenceDay(models.Model):
    """How often proposals of one level of confidence (twentieths) were right, by the day of dispatch."""

    day = models.DateField()
    kind = models.CharField(max_length=8)  # class or unit
    step = models.SmallIntegerField()
    cases = models.IntegerField()
    right = models.IntegerField()
    confidence = models.FloatField()  # sum

    class Meta:
        db_table = "learning_confidence_day"
        indexes = [models.Index(fields=["day"], name="learning_confidence_day_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.step}"


class Progress(models.Model):
    """How far a reader got: cases written without news (imports), days counted."""

    name = models.CharField(max_length=24, primary_key=True)
    case_id = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "learning_progress"

    def __str__(self) -> str:
        return self.name
