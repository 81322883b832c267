"""What a version says of each unit and of each case behind it; written once, and fixed by a trigger when frozen."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from huiyin.domain.categories import Category
from huiyin.domain.entering import JUDGED, Why
from huiyin.domain.vocabulary import Grade, RequestType, Satisfaction
from huiyin.evaluation.models.period import Version
from huiyin.evaluation.vocabulary import Basis, Group, NonResponse


class UnitResult(models.Model):
    """The first block is exact counts, the second the official figures, the third what chance does to them.

    In the group of districts `unit_id` is the district's government. Rates are not stored: they are fractions of the
    counts (`domain.evaluation.rates_of`). Chances are None where too few callbacks say anything.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="units", db_index=False)
    group = models.CharField(max_length=10, choices=Group.choices())
    unit_id = models.IntegerField()

    # The lead units that the line added up when it was figured; empty in lines older than this record.
    adds_up = ArrayField(models.IntegerField(), default=list)

    volume = models.IntegerField(default=0)
    valid = models.IntegerField(default=0)
    contacted = models.IntegerField(default=0)
    solved = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)
    basically_satisfied = models.IntegerField(default=0)
    suggestions = models.IntegerField(default=0)
    carried = models.IntegerField(default=0)  # valid callbacks of cases that were volume of an earlier period
    excluded = models.IntegerField(default=0)
    suspended = models.IntegerField(default=0)
    exempt = models.IntegerField(default=0)
    not_asked = models.IntegerField(default=0)
    invalid = models.IntegerField(default=0)

    score = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    rank = models.IntegerField(null=True)
    band = models.SmallIntegerField(default=0)
    categories = ArrayField(models.CharField(max_length=10, choices=Category.choices()), default=list)
    score_before = models.DecimalField(max_digits=7, decimal_places=3, null=True)  # of the period before
    rank_before = models.IntegerField(null=True)

    resolution_low = models.FloatField(null=True)
    resolution_high = models.FloatField(null=True)
    resolution_shrunken = models.FloatField(null=True)
    rank_low = models.IntegerField(null=True)
    rank_high = models.IntegerField(null=True)
    alike = models.BooleanField(default=False)  # of the largest set that cannot be told apart
    expected = models.FloatField(null=True)  # resolved cases expected from this mix of cases …
    ratio = models.FloatField(null=True)  # … and observed over expected, with its 95 % interval
    ratio_low = models.FloatField(null=True)
    ratio_high = models.FloatField(null=True)

    class Meta:
        db_table = "assessment_unit_result"
        constraints = [
            models.UniqueConstraint(fields=["version", "group", "unit_id"], name="assessment_unit_once"),
        ]
        indexes = [models.Index(fields=["group", "unit_id", "version"], name="assessment_unit_trend")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.group} {self.unit_id}"


class CaseResult(models.Model):
    """How one case entered a version's figures and why (`Why`), with the answers that counted.

    `carried`: registered before this period, judged in it. What the case was (class, type, grade) is kept as it was.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="cases", db_index=False)
    case_id = models.BigIntegerField()
    unit_id = models.IntegerField(null=True)  # the lead unit at the period's end
    why = models.CharField(max_length=20, choices=Why.choices())
    basis = models.CharField(max_length=8, choices=Basis.choices(), null=True)
    carried = models.BooleanField(default=False)
    contacted = models.BooleanField(null=True)
    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=20, choices=Satisfaction.choices(), null=True)
    class_code = models.CharField(max_length=6)
    request_type = models.CharField(max_length=12, choices=RequestType.choices())
    grade = models.CharField(max_length=8, choices=Grade.choices())
    nonresponse = models.CharField(max_length=16, choices=NonResponse.choices(), null=True)

    class Meta:
        db_table = "assessment_case_result"
        constraints = [
            models.UniqueConstraint(fields=["version", "case_id"], name="assessment_case_once"),
        ]
        indexes = [
            models.Index(fields=["version", "unit_id", "why", "case_id"], name="assessment_case_figure"),
            models.Index(fields=["case_id"], name="assessment_case_history"),
            # Counts of those without an answer, from the index alone.
            models.Index(
                fields=["version", "unit_id", "nonresponse", "request_type"],
                name="assessment_case_silent",
                condition=Q(nonresponse__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.case_id} {self.why}"

    @property
    def said_contacted(self) -> bool | None:
        """To be shown: rows of cases that nobody judged hold false here, and fingerprints rest on it."""
        return self.contacted if self.why in JUDGED else None

    @property
    def said_solved(self) -> bool | None:
        return self.solved if self.why in JUDGED else None
