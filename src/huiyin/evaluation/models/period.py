"""An assessment period (考核期) and the versions of its figures: an estimate while it runs, then one after another."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from huiyin.evaluation.vocabulary import FIXED, Stage

_FIXED = sorted(str(stage) for stage in FIXED)


class Period(models.Model):
    """`code` is 2026-11. Cases registered in [begins_at, ends_at) are its volume (DOMAIN.md §3.2)."""

    code = models.CharField(max_length=7, unique=True)
    year = models.SmallIntegerField()
    month = models.SmallIntegerField()
    begins_at = models.DateTimeField(unique=True)
    ends_at = models.DateTimeField(unique=True)

    class Meta:
        db_table = "assessment_period"
        ordering = ["-begins_at"]

    def __str__(self) -> str:
        return self.code

    @property
    def label(self) -> str:
        return f"{self.year}年{self.month}月"

    @property
    def last_moment(self) -> datetime:
        """To be shown as its last day: the 18th, where the end itself is the 19th at midnight."""
        return self.ends_at - timedelta(seconds=1)


class Version(models.Model):
    """One set of figures of a period. Number 0 is the live estimate; 1 the first official set; later ones revise it.

    `as_of`: answers count that were given before the period's end, rulings that were made before this moment.
    `digest`: SHA-256 over every case and every figure; from then on a trigger refuses any change to its rows.
    `compared_with`: the version of the period before that progress was measured from; none, or not kept then.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="versions")
    number = models.SmallIntegerField()
    stage = models.CharField(max_length=10, choices=Stage.choices())
    scheme_edition_id = models.IntegerField()
    as_of = models.DateTimeField()
    reason = models.CharField(max_length=400, blank=True)  # why a published period was revised
    case_count = models.IntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    drafted_by_id = models.BigIntegerField(null=True)
    drafted_by = models.CharField(max_length=60, blank=True)
    drafted_at = models.DateTimeField()
    reviewed_by_id = models.BigIntegerField(null=True)
    reviewed_by = models.CharField(max_length=60, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.CharField(max_length=400, blank=True)
    frozen_by_id = models.BigIntegerField(null=True)
    frozen_by = models.CharField(max_length=60, blank=True)
    frozen_at = models.DateTimeField(null=True)
    published_by_id = models.BigIntegerField(null=True)
    published_by = models.CharField(max_length=60, blank=True)
    published_at = models.DateTimeField(null=True)
    compared_with = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        db_table = "assessment_version"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="assessment_version_once"),
            models.CheckConstraint(
                name="assessment_frozen_has_digest",
                condition=Q(stage__in=_FIXED, frozen_at__isnull=False) & ~Q(digest="") | ~Q(stage__in=_FIXED),
            ),
            models.CheckConstraint(
                name="assessment_live_is_zero", condition=Q(stage=str(Stage.LIVE), number=0) | Q(number__gt=0)
            ),
            models.CheckConstraint(
                name="assessment_two_people",
                condition=Q(reviewed_by_id__isnull=True) | ~Q(reviewed_by_id=models.F("drafted_by_id")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id}#{self.number} {self.stage}"
