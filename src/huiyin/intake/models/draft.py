"""An entry that is not finished: what an operator typed so far, sealed, so that neither reload nor crash loses it."""

import uuid

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """One call's form. `key` is drawn when the form is opened and names it until it is filed or thrown away."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.UUIDField(default=uuid.uuid4)
    data_sealed = models.BinaryField()  # JSON, sealed by accounts.sealed: it holds a citizen's name and number
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "intake_draft"
        constraints = [models.UniqueConstraint(fields=["staff", "key"], name="intake_draft_once")]
        indexes = [models.Index(fields=["staff", "-updated_at"], name="intake_draft_latest")]

    def __str__(self) -> str:
        return f"draft {self.pk}"
