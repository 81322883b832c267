"""What the citizen's pages remember beside the cases: how often somebody tried, and which form was already sent."""

from django.db import models


class Tally(models.Model):
    """One counter until a moment. The key is a keyed hash: no address and no number can be read from it."""

    key = models.CharField(max_length=80, primary_key=True)
    count = models.IntegerField()
    until = models.DateTimeField()

    class Meta:
        db_table = "portal_tally"
        indexes = [models.Index(fields=["until"], name="portal_tally_until")]

    def __str__(self) -> str:
        return self.key


class Submission(models.Model):
    """A form that was sent: the same one sent again leads to the same case. Written in the case's own transaction."""

    key = models.CharField(max_length=64, primary_key=True)
    case_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "portal_submission"
        indexes = [models.Index(fields=["made_at"], name="portal_submission_made")]

    def __str__(self) -> str:
        return self.key
