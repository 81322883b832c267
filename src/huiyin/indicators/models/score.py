"""Scores of a period as they were computed from one tree, one set of case figures and the values known then."""

from django.db import models

from huiyin.indicators.models.tree import Tree
from huiyin.indicators.models.value import Source


class Assessment(models.Model):
    """One computation; the latest of a period is shown. It and its scores never change: computing again makes another.

    `version_id` is the published version of the evaluation whose case results were counted.
    """

    period = models.CharField(max_length=7)
    number = models.PositiveSmallIntegerField()
    tree = models.ForeignKey(Tree, on_delete=models.PROTECT, related_name="assessments")
    version_id = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        db_table = "indicator_assessment"
        ordering = ["-period", "-number"]
        constraints = [models.UniqueConstraint(fields=["period", "number"], name="indicator_assessment_once")]

    def __str__(self) -> str:
        return f"{self.period}#{self.number}"


class Score(models.Model):
    """One node of one district; `node` is empty for the total. Scores are rounded once, to the places of the tree.

    `value`, `source` and `taken_from` are of items: the value, where it came from, and of which period or year it is.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="scores", db_index=False)
    district_id = models.IntegerField()
    node = models.CharField(max_length=24, blank=True)
    score = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    covered = models.DecimalField(max_digits=7, decimal_places=6)
    low = models.DecimalField(max_digits=9, decimal_places=6)
    high = models.DecimalField(max_digits=9, decimal_places=6)
    rank = models.SmallIntegerField(null=True)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    source = models.CharField(max_length=8, choices=Source.choices(), blank=True)
    taken_from = models.CharField(max_length=7, blank=True)

    class Meta:
        db_table = "indicator_score"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "district_id", "node"], name="indicator_score_once"),
        ]
        indexes = [models.Index(fields=["assessment", "node"], name="indicator_score_node")]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.district_id} {self.node}"
