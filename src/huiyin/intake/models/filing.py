"""That somebody filed a case at the console, and how long it took from the first key to the end."""

from django.conf import settings
from django.db import models


class Filing(models.Model):
    """`key` is the form's: a form that is sent twice (impatience, a broken line) is filed once."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.UUIDField()
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    seconds = models.PositiveIntegerField(null=True)  # none where the browser could not measure it

    class Meta:
        db_table = "intake_filing"
        constraints = [models.UniqueConstraint(fields=["staff", "key"], name="intake_filing_once")]
        indexes = [models.Index(fields=["staff", "-at"], name="intake_filing_latest")]

    def __str__(self) -> str:
        return f"filing {self.pk}"
