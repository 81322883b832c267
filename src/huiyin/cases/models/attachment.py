"""Files of a case: what the citizen sent, what a unit shows as evidence. The bytes lie in the file storage."""

from django.db import models


class Attachment(models.Model):
    """Uploaded first (case empty), then bound to a case by the action that names it."""

    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="attachments")
    event_seq = models.IntegerField(null=True)
    stored_as = models.CharField(max_length=200)
    thumbnail_as = models.CharField(max_length=200, default="", blank=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploader_kind = models.CharField(max_length=8)
    uploader_id = models.BigIntegerField(null=True)
    claim = models.CharField(max_length=64, default="", blank=True)  # who may bind it: session or token mark

    class Meta:
        db_table = "case_attachment"

    def __str__(self) -> str:
        return f"attachment {self.pk}"
