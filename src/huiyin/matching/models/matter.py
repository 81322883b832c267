"""A matter (共性问题): cases that people joined as the same thing; each lives on with its own clocks."""

from django.db import models
from django.db.models import F, Q


class Matter(models.Model):
    """Size and times are counted anew at each change. One that lost its members is dissolved, not deleted."""

    name = models.CharField(max_length=100)
    note = models.TextField(default="", blank=True)
    class_code = models.CharField(max_length=6)
    taxonomy_edition_id = models.IntegerField()
    district_id = models.IntegerField(null=True)
    street_id = models.IntegerField(null=True)
    community_id = models.IntegerField(null=True)
    size = models.IntegerField()
    callers = models.IntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    created_at = models.DateTimeField()
    dissolved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "matter"
        indexes = [
            models.Index(fields=["-last_at", "-id"], name="matter_latest", condition=Q(dissolved_at__isnull=True)),
            models.Index(fields=["-size", "-id"], name="matter_largest", condition=Q(dissolved_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"matter {self.pk}"


class Member(models.Model):
    """A case belongs to one matter at most, as of now; how it came there is in the entries."""

    case_id = models.BigIntegerField(primary_key=True)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="members", db_index=False)
    joined_at = models.DateTimeField()

    class Meta:
        db_table = "matter_member"
        indexes = [models.Index(fields=["matter", "-case_id"], name="matter_member_of")]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.matter_id}"


class Apart(models.Model):
    """Two cases that a person took for different: never proposed to each other again. The smaller number first."""

    one_id = models.BigIntegerField()
    other_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "matter_apart"
        constraints = [
            models.UniqueConstraint(fields=["one_id", "other_id"], name="matter_apart_pair"),
            models.CheckConstraint(name="matter_apart_ordered", condition=Q(one_id__lt=F("other_id"))),
        ]
        indexes = [models.Index(fields=["other_id"], name="matter_apart_other")]

    def __str__(self) -> str:
        return f"{self.one_id} | {self.other_id}"


class Entry(models.Model):
    """One line of a matter's history: who did what, when and why; only ever added."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="entries", db_index=False)
    at = models.DateTimeField()
    what = models.CharField(max_length=12)  # Change
    case_ids = models.JSONField(default=list)
    staff_id = models.BigIntegerField()
    staff_name = models.CharField(max_length=60)
    unit_id = models.IntegerField(null=True)
    why = models.CharField(max_length=200)

    class Meta:
        db_table = "matter_entry"
        indexes = [models.Index(fields=["matter", "-id"], name="matter_entry_of")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.what}"
