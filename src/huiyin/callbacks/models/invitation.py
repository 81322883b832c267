"""A link by which one citizen judges one case, and each message that carries it.

The token stands nowhere: it is signed from `seed` when a message is written, and found again by its hash.
"""

from datetime import datetime

from django.db import models
from django.db.models import Q

from huiyin.callbacks.vocabulary import Channel, Delivery, Kind


class Invitation(models.Model):
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.SmallIntegerField()
    channel = models.CharField(max_length=8, choices=Channel.choices())
    address_sealed = models.BinaryField()
    seed = models.CharField(max_length=32)
    token_hash = models.BinaryField(unique=True)
    made_at = models.DateTimeField()
    made_by_id = models.IntegerField(null=True)  # empty: sent by itself when the callback fell due
    made_by = models.CharField(max_length=60, default="", blank=True)
    phone_after = models.DateTimeField()  # until then nobody calls; then the case is on the phone list as before
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    event_seq = models.IntegerField(null=True)  # the event that the answer made, unless it was a second answer
    expires_at = models.DateTimeField()
    superseded = models.BooleanField(default=False)  # of a handling before the case was reopened

    class Meta:
        db_table = "callback_invitation"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round", "channel"], name="callback_invitation_once", condition=Q(superseded=False)
            ),
        ]
        indexes = [
            # Who need not be called yet; whom to remind.
            models.Index(fields=["phone_after"], name="callback_invitation_out", condition=Q(answered_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def is_over(self, now: datetime) -> bool:
        return now >= self.expires_at


class Message(models.Model):
    """One thing sent: the invitation itself or its one reminder; never doubled."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices())
    state = models.CharField(max_length=10, choices=Delivery.choices(), default=str(Delivery.QUEUED))
    attempts = models.SmallIntegerField(default=0)  # of this sending
    sendings = models.SmallIntegerField(default=0)  # how often an agent had it sent anew
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    gateway_id = models.CharField(max_length=80, default="", blank=True)
    last_error = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        db_table = "callback_message"
        constraints = [
            models.UniqueConstraint(fields=["invitation", "kind"], name="callback_message_once"),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="callback_message_queue", condition=Q(state="queued")),
            models.Index(fields=["gateway_id"], name="callback_message_gateway", condition=~Q(gateway_id="")),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"
