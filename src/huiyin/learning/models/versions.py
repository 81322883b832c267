"""Versions of the model: where the bytes lie, what they were trained and tested on, and which one is in use."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from huiyin.domain.vocabulary import Term


class ModelState(Term):
    CHALLENGER = "challenger", "待比较"
    CHAMPION = "champion", "使用中"
    RETIRED = "retired", "已替换"
    REFUSED = "refused", "未采用"


class FrozenTest(models.Model):
    """Cases kept apart, later in time than what was trained on, with the classes that they had when it was frozen."""

    made_at = models.DateTimeField()
    first_at = models.DateTimeField()  # nothing registered from here on was trained on
    last_at = models.DateTimeField()
    case_ids = ArrayField(models.BigIntegerField())
    labels = ArrayField(models.CharField(max_length=6))
    sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "learning_frozen_test"

    def __str__(self) -> str:
        return f"test {self.pk}"


class ModelVersion(models.Model):
    """`scores` is the model card; `calibration` what the unit's confidence was last measured against."""

    kind = models.CharField(max_length=8, default="class")
    number = models.IntegerField(unique=True)
    state = models.CharField(max_length=12, choices=ModelState.choices())
    created_at = models.DateTimeField()
    promoted_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    trained_on = models.IntegerField()
    trained_from = models.DateTimeField(null=True)
    trained_to = models.DateTimeField(null=True)
    test = models.ForeignKey(FrozenTest, null=True, on_delete=models.PROTECT, related_name="versions")
    scores = models.JSONField(default=dict)
    calibration = models.JSONField(default=dict, blank=True)
    calibrated_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    stored_as = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    made_by = models.CharField(max_length=60)
    reason = models.CharField(max_length=300, default="", blank=True)  # why it is in this state

    class Meta:
        db_table = "learning_model"
        constraints = [
            models.UniqueConstraint(fields=["kind"], name="learning_one_champion", condition=Q(state="champion"))
        ]
        indexes = [models.Index(fields=["-number"], name="learning_model_newest")]

    def __str__(self) -> str:
        return f"model {self.number}"
