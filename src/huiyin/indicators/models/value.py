"""Values of items that were reported: a later report of the same thing makes a new row, the old one stays."""

from django.db import models

from huiyin.domain.vocabulary import Term


class Source(Term):
    UPLOAD = "upload", "填报"
    CASES = "cases", "案件"
    SAMPLE = "sample", "样例数据"


class Value(models.Model):
    """What `district_id` (an area) reported for an item in a period (2026-11) or a year (2026); never changed."""

    district_id = models.IntegerField()
    item = models.CharField(max_length=24)
    period = models.CharField(max_length=7)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    source = models.CharField(max_length=8, choices=Source.choices())
    file = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)
    by_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        db_table = "indicator_value"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["period", "item", "district_id", "-id"], name="indicator_value_newest"),
            models.Index(fields=["item", "district_id", "-id"], name="indicator_value_history"),
        ]

    def __str__(self) -> str:
        return f"{self.district_id} {self.item} {self.period}"
