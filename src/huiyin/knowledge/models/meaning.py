"""What a version means to the sentence model: a row of numbers for each question form, its title and its text."""

from django.db import models

from huiyin.knowledge.models.entry import EntryVersion


class Meaning(models.Model):
    """Made by a job after the version was written; thrown away when the model changes."""

    version = models.OneToOneField(EntryVersion, on_delete=models.CASCADE, primary_key=True, related_name="meaning")
    model = models.CharField(max_length=40)
    rows = models.BinaryField()  # 16-bit floats, one row after the other

    class Meta:
        db_table = "knowledge_meaning"

    def __str__(self) -> str:
        return f"{self.version_id} {self.model}"
