"""What was changed: every edit with its before and after, and a number that tells caches to read again."""

from django.db import models


class RegistryChange(models.Model):
    """One edit of registry data; rows are only ever added."""

    at = models.DateTimeField("时间")
    staff_id = models.BigIntegerField(null=True, blank=True)
    staff_name = models.CharField("修改人", max_length=40, blank=True)
    model = models.CharField("对象", max_length=24)
    key = models.CharField("标识", max_length=80)
    before = models.JSONField("修改前", null=True, blank=True)  # empty: added
    after = models.JSONField("修改后", null=True, blank=True)  # empty: removed

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["model", "key"], name="registry_change_of")]

    def __str__(self) -> str:
        return f"{self.model} {self.key}"


class Revision(models.Model):
    """One row, raised in the transaction of any registry write; processes look at it every few seconds."""

    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
