"""治理类街乡镇: a street under governance, every decision about it, its plan and measures, its residents by year."""

from django.db import models
from django.db.models import Q

from huiyin.evaluation.models import Version
from huiyin.governance.vocabulary import Move, Stage


class GovernedStreet(models.Model):
    """`unit_id` is the street's government. Targets are in percent; `target_volume` is cases a period.

    `observed_since` is the end of the newest period that was published when the exit was decided: the periods of the
    observation are those published that end after it. It stays when governance has ended.
    """

    unit_id = models.IntegerField()
    district_id = models.IntegerField()  # area
    stage = models.CharField(max_length=10, choices=Stage.choices(), default=str(Stage.GOVERNED))
    entered_at = models.DateTimeField()
    observed_since = models.DateTimeField(null=True)
    plan = models.TextField(blank=True)
    target_resolution = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    target_satisfaction = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    target_volume = models.IntegerField(null=True)
    planned_by = models.CharField(max_length=60, blank=True)
    planned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "governance_street"
        constraints = [
            models.UniqueConstraint(fields=["unit_id"], name="governance_once", condition=~Q(stage=str(Stage.ENDED))),
            models.CheckConstraint(
                name="governance_observed_since",
                condition=~Q(stage=str(Stage.OBSERVED)) | Q(observed_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.stage}"


class Step(models.Model):
    """What was decided or noted; rows are only ever added. `verdict`: [[met, words], …] as the rule told it then."""

    street = models.ForeignKey(GovernedStreet, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField(max_length=8, choices=Move.choices())
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, related_name="+")
    verdict = models.JSONField(default=list)
    met = models.BooleanField(null=True)  # the rule's own answer: a decision may differ, and says why; None: no figures
    reason = models.TextField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        db_table = "governance_step"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.street_id} {self.move}"


class Measure(models.Model):
    """治理项目: who does what until when, and what shows that it was done."""

    street = models.ForeignKey(GovernedStreet, on_delete=models.PROTECT, related_name="measures")
    title = models.CharField(max_length=120)
    owner = models.CharField(max_length=60)
    due = models.DateField()
    written_by = models.CharField(max_length=60)
    written_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=60, blank=True)
    evidence = models.TextField(blank=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.CharField(max_length=60, blank=True)
    dropped_why = models.TextField(blank=True)

    class Meta:
        db_table = "governance_measure"
        ordering = ["due", "id"]
        constraints = [
            models.CheckConstraint(name="governance_done_or_dropped", condition=Q(done_at=None) | Q(dropped_at=None)),
            models.CheckConstraint(name="governance_done_shown", condition=Q(done_at=None) | ~Q(evidence="")),
            models.CheckConstraint(name="governance_dropped_why", condition=Q(dropped_at=None) | ~Q(dropped_why="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None


class Residents(models.Model):
    """常住人口 of a street in a year, with where the figure is from."""

    unit_id = models.IntegerField()
    year = models.SmallIntegerField()
    count = models.IntegerField()
    source = models.CharField(max_length=120)
    written_by = models.CharField(max_length=60)
    written_at = models.DateTimeField()

    class Meta:
        db_table = "governance_residents"
        constraints = [
            models.UniqueConstraint(fields=["unit_id", "year"], name="governance_residents_once"),
            models.CheckConstraint(name="governance_residents_some", condition=Q(count__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}: {self.count}"
