"""Signs of gaming that a version's cases show of a unit, for a person to review; never part of a figure."""

from django.db import models

from huiyin.evaluation.models.period import Version
from huiyin.evaluation.vocabulary import Group


class Suspicion(models.Model):
    """`signs`: {sign: [hits, trials, case ids of up to 200 hits]}; `reasons` as words. A person writes the finding."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="suspicions", db_index=False)
    group = models.CharField(max_length=10, choices=Group.choices())
    unit_id = models.IntegerField()
    score = models.FloatField()
    flagged = models.BooleanField(default=False)
    signs = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    confirmed = models.BooleanField(null=True)
    finding = models.CharField(max_length=400, blank=True)
    found_by_id = models.BigIntegerField(null=True)
    found_by = models.CharField(max_length=60, blank=True)
    found_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assessment_suspicion"
        constraints = [
            models.UniqueConstraint(fields=["version", "group", "unit_id"], name="assessment_suspicion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.unit_id} {self.score:.1f}"
