"""Who speaks: one row a phone number, kept sealed; the fingerprint finds a repeat caller without opening anything."""

from django.db import models

from huiyin.domain.vocabulary import RequesterKind


class Requester(models.Model):
    """诉求人. Name and phone are AES-GCM sealed (accounts.sealed); `phone_print` is a keyed hash of the phone."""

    kind = models.CharField(max_length=16, choices=RequesterKind.choices(), default=str(RequesterKind.PERSON))
    name_sealed = models.BinaryField(default=b"")
    phone_sealed = models.BinaryField(default=b"")
    phone_print = models.BinaryField(null=True, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "requester"

    def __str__(self) -> str:
        return f"requester {self.pk}"
