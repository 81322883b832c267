"""The history of every case, append-only, one partition a month; and the outbox that its readers empty."""

from django.db import models


class CaseEvent(models.Model):
    """One line of a case's life. The table is made by SQL (partitioned by `at`), see migration 0002."""

    id = models.BigAutoField(primary_key=True)
    case_id = models.BigIntegerField()
    seq = models.IntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=24)
    from_status = models.CharField(max_length=16, null=True)
    to_status = models.CharField(max_length=16)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60, default="")
    unit_id = models.IntegerField(null=True)  # the actor's unit
    reason = models.TextField()
    data = models.JSONField(default=dict)  # what was entered
    sets = models.JSONField(default=dict)  # fields that the case took from it
    clocks = models.JSONField(default=dict)  # clocks started ([start, warn, due, warned, escalated]) or stopped (null)

    class Meta:
        db_table = "case_event"
        managed = False

    def __str__(self) -> str:
        return f"{self.case_id}#{self.seq} {self.action}"


class Outbox(models.Model):
    """Events that their readers (notices, webhooks) have not seen yet; written in the event's own transaction."""

    event_id = models.BigIntegerField(primary_key=True)
    event_at = models.DateTimeField()  # with the id it names the partition

    class Meta:
        db_table = "case_outbox"

    def __str__(self) -> str:
        return f"event {self.event_id}"
