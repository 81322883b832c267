"""Automatic dispatch switched off and on again, by whom and why; how far the city's matters drifted from training."""

from django.db import models


class SwitchMove(models.Model):
    """Append-only; the newest row says how it stands. Without a row automatic dispatch is on."""

    on = models.BooleanField()
    at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)  # empty: the machine itself
    by_name = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    passed = models.IntegerField(null=True)  # dispatches looked at, where the machine moved it
    wrong = models.IntegerField(null=True)

    class Meta:
        db_table = "learning_switch"
        indexes = [models.Index(fields=["-id"], name="learning_switch_newest")]

    def __str__(self) -> str:
        return f"{'on' if self.on else 'off'} at {self.at}"


class DriftWeek(models.Model):
    """The cases of seven days held against what the champion was trained on; written anew until the week is over."""

    week = models.DateField()  # its Monday
    model = models.IntegerField()
    cases = models.IntegerField()
    shift = models.FloatField()  # total variation between the shares of classes, 0 to 1
    by_chance = models.FloatField()  # the shift that so few cases show without any cause
    unknown = models.FloatField(null=True)  # share of character pairs that training never saw
    movers = models.JSONField(default=list)  # [class, share in training, share now], the farthest first

    class Meta:
        db_table = "learning_drift_week"
        constraints = [models.UniqueConstraint(fields=["week", "model"], name="learning_drift_once")]

    def __str__(self) -> str:
        return f"{self.week} model {self.model}"
