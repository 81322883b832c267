"""Answers kept so that a repeated call gets the same one; and how often each caller called this minute."""

from django.db import models


class IdempotentCall(models.Model):
    """One Idempotency-Key of one caller. Claimed and answered in the transaction of the work itself."""

    caller = models.CharField(max_length=24)
    key = models.CharField(max_length=128)
    digest = models.BinaryField(max_length=32)  # of operation and body: the same key must mean the same request
    status = models.SmallIntegerField(null=True)
    body = models.TextField(default="")
    location = models.CharField(max_length=120, default="")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "api_idempotent_call"
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="api_idempotent_call_once")]
        indexes = [models.Index(fields=["created_at"], name="api_idempotent_call_age")]

    def __str__(self) -> str:
        return f"{self.caller} {self.pk}"


class RateCount(models.Model):
    """One row a caller: the minute it last called in, and how often in that minute, over all processes."""

    caller = models.CharField(max_length=48, primary_key=True)
    minute = models.BigIntegerField()
    count = models.BigIntegerField()

    class Meta:
        db_table = "api_rate_count"

    def __str__(self) -> str:
        return self.caller
