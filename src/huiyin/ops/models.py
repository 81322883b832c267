"""What the demo knows and the platform does not: the truth behind each simulated case, to measure the platform by."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class DemoTruth(models.Model):
    """One simulated case as it really is. `template` names the phrase it was made from, so that it can be held out."""

    case_id = models.BigIntegerField(primary_key=True)
    key = models.BigIntegerField()  # its place in the history: with the seed it decides all that is left to chance
    leaf_code = models.CharField(max_length=6)
    request_type = models.CharField(max_length=12)
    unit_id = models.IntegerField(null=True)
    sub_unit_id = models.IntegerField(null=True)
    district_id = models.IntegerField(null=True)
    street_id = models.IntegerField(null=True)
    community_id = models.IntegerField(null=True)
    place = models.JSONField()  # the names used in the text
    cluster = models.IntegerField(null=True)  # cases of one cluster tell of the same event
    template = models.CharField(max_length=12)
    live = models.BooleanField(default=False)  # came in after the history was written

    class Meta:
        db_table = "demo_truth"
        indexes = [
            models.Index(fields=["cluster"], name="demo_truth_cluster", condition=models.Q(cluster__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.leaf_code}"


class DemoCheat(models.Model):
    """A unit of the demo city that polishes its figures; read by nobody but the measuring of its discovery."""

    unit_id = models.IntegerField(primary_key=True)
    kinds = ArrayField(models.CharField(max_length=20))

    class Meta:
        db_table = "demo_cheat"

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kinds}"
