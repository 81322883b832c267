"""Where not all are called: the dated plans, a frame a day with its sealed seed, and each case's place in it."""

from django.db import models
from django.db.models import Q

from huiyin.callbacks.vocabulary import Scope, Stratum


class Plan(models.Model):
    """From `effective_from` on, within its scope; the newest one that holds for a unit decides. Never deleted.

    Without `half_width` all are called again: that is how a sample is ended.
    """

    effective_from = models.DateTimeField()  # a statistical day's first moment
    scope = models.CharField(max_length=8, choices=Scope.choices())
    scope_value = models.CharField(max_length=20, default="", blank=True)  # code of a district or unit, kind of unit
    half_width = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    confidence = models.DecimalField(max_digits=4, decimal_places=3, null=True)
    floor = models.IntegerField(null=True)
    stratum = models.CharField(max_length=12, choices=Stratum.choices(), default=str(Stratum.GRADE))
    reason = models.CharField(max_length=400)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField()
    made_by = models.CharField(max_length=60)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdrawn_by = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        db_table = "callback_plan"
        constraints = [
            models.CheckConstraint(
                name="callback_plan_whole",
                condition=Q(half_width__isnull=True, confidence__isnull=True, floor__isnull=True)
                | Q(half_width__isnull=False, confidence__isnull=False, floor__isnull=False),
            ),
            models.CheckConstraint(
                name="callback_plan_withdrawn_before",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__lt=models.F("effective_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"


class Frame(models.Model):
    """All callbacks in scope that fall due on one statistical day. `commitment` is published before it closes.

    The seed stays sealed until the frame's callbacks are over: who knew it could tell whom the hotline will call.
    """

    day = models.DateField(unique=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    seed_sealed = models.BinaryField()
    commitment = models.CharField(max_length=64)
    committed_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)
    revealed_at = models.DateTimeField(null=True)
    cases = models.IntegerField(default=0)
    taken = models.IntegerField(default=0)
    expected = models.JSONField(default=dict)  # unit's code: cases expected of its period
    before = models.JSONField(default=dict)  # unit's code, stratum: cases of the period listed on earlier days

    class Meta:
        db_table = "callback_frame"
        constraints = [
            models.CheckConstraint(
                name="callback_frame_committed_first", condition=Q(committed_at__lt=models.F("ends_at"))
            ),
            models.CheckConstraint(
                name="callback_frame_drawn_after",
                condition=Q(drawn_at__isnull=True) | Q(drawn_at__gte=models.F("ends_at")),
            ),
        ]
        indexes = [models.Index(fields=["day"], name="callback_frame_at_work", condition=Q(revealed_at__isnull=True))]

    def __str__(self) -> str:
        return f"frame {self.day}"


class FrameCase(models.Model):
    """A case stands in one frame, decided once. `drawn` is empty until the frame is drawn.

    `position` is the published order, counted on over all frames: the phone list is worked off by it.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+", primary_key=True)
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="listed", db_index=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit_id = models.IntegerField()
    stratum = models.CharField(max_length=12, default="", blank=True)
    entered_at = models.DateTimeField()
    place = models.CharField(max_length=64, default="", blank=True)
    position = models.BigIntegerField(null=True)
    rank = models.IntegerField(null=True)
    drawn = models.BooleanField(null=True)
    instead = models.BooleanField(default=False)  # asked in place of somebody who could not be reached

    class Meta:
        db_table = "callback_frame_case"
        constraints = [
            models.CheckConstraint(
                name="callback_frame_case_placed",
                condition=Q(drawn__isnull=True) | Q(position__isnull=False, rank__isnull=False) & ~Q(place=""),
            )
        ]
        indexes = [
            models.Index(fields=["frame", "unit_id", "stratum"], name="callback_frame_case_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.frame_id} {self.case_id}"
