"""剔除 and 不计入诉求总量: applied for by the unit with evidence, looked at by the district, ruled by the hotline."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from huiyin.evaluation.models.period import Period
from huiyin.evaluation.vocabulary import ExclusionKind, Ruling

_OPEN = [str(Ruling.APPLIED), str(Ruling.PREVIEWED)]


class Exclusion(models.Model):
    """The reviewers are two people, neither of them the applicant; every ruling has its reason (DOMAIN.md §3.4)."""

    case_id = models.BigIntegerField()
    unit_id = models.IntegerField()  # the lead unit that applies
    district_id = models.IntegerField(null=True)  # area that pre-reviews; none: straight to the hotline
    kind = models.CharField(max_length=16, choices=ExclusionKind.choices())
    reason_code = models.CharField(max_length=24)
    platform = models.CharField(max_length=80, blank=True)  # 平台名称, of a nation-wide network platform
    grounds = models.TextField()
    attachment_ids = models.JSONField(default=list)
    ruling = models.CharField(max_length=10, choices=Ruling.choices())
    applied_by_id = models.BigIntegerField()
    applied_by = models.CharField(max_length=60)
    applied_at = models.DateTimeField()
    previewed_by_id = models.BigIntegerField(null=True)
    previewed_by = models.CharField(max_length=60, blank=True)
    previewed_at = models.DateTimeField(null=True)
    preview_supports = models.BooleanField(null=True)
    preview_reason = models.CharField(max_length=400, blank=True)
    ruled_by_id = models.BigIntegerField(null=True)
    ruled_by = models.CharField(max_length=60, blank=True)
    ruled_at = models.DateTimeField(null=True)
    ruling_reason = models.CharField(max_length=400, blank=True)
    revoked_at = models.DateTimeField(null=True)  # by a re-check

    class Meta:
        db_table = "assessment_exclusion"
        constraints = [
            models.UniqueConstraint(fields=["case_id"], name="assessment_one_open", condition=Q(ruling__in=_OPEN)),
            models.UniqueConstraint(
                fields=["case_id"], name="assessment_one_granted", condition=Q(ruling=str(Ruling.GRANTED))
            ),
            models.CheckConstraint(
                name="assessment_reviewers_differ",
                condition=(Q(previewed_by_id__isnull=True) | ~Q(previewed_by_id=F("applied_by_id")))
                & (Q(ruled_by_id__isnull=True) | ~Q(ruled_by_id=F("applied_by_id")))
                & (
                    Q(ruled_by_id__isnull=True) | Q(previewed_by_id__isnull=True) | ~Q(ruled_by_id=F("previewed_by_id"))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["ruling", "applied_at", "id"], name="assessment_excl_queue"),
            models.Index(fields=["unit_id", "-applied_at", "-id"], name="assessment_excl_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.ruling}"


class Recheck(models.Model):
    """抽样复核: a granted exclusion that the sample of its period drew; another person looks again."""

    exclusion = models.OneToOneField(Exclusion, on_delete=models.PROTECT, related_name="recheck")
    drawn_at = models.DateTimeField()
    seed = models.CharField(max_length=64, default="")  # shown with the draw: anybody can draw again
    checked_by_id = models.BigIntegerField(null=True)
    checked_by = models.CharField(max_length=60, blank=True)
    checked_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        db_table = "assessment_recheck"

    def __str__(self) -> str:
        return f"recheck of {self.exclusion_id}"


class RecheckDraw(models.Model):
    """One draw of a period: with its seed and what it was drawn from anybody can draw again, whatever came later."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", db_index=False)
    seed = models.CharField(max_length=64)
    exclusion_ids = ArrayField(models.BigIntegerField())  # all that had been granted by then and not been in a draw
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=60, blank=True)

    class Meta:
        db_table = "assessment_recheck_draw"
        indexes = [models.Index(fields=["period", "drawn_at", "id"], name="assessment_draw_period")]

    def __str__(self) -> str:
        return f"draw of {self.period_id} at {self.drawn_at}"
