"""What is kept of a case to find it by: where, what kind, who, when, and two marks of its words."""

from django.db import models


class Sketch(models.Model):
    """One row a case, written by a reader of its events. Each index serves one way to find the latest candidates."""

    case_id = models.BigIntegerField(primary_key=True)
    requester_id = models.BigIntegerField()
    street_id = models.IntegerField(null=True)
    community_id = models.IntegerField(null=True)
    branch = models.CharField(max_length=4)  # level two of the taxonomy
    registered_at = models.DateTimeField()
    spot_mark = models.BigIntegerField(null=True)  # of the rarest spot that the words name
    words_mark = models.BigIntegerField(null=True)  # equal for nearly equal words (the least of their hashes)

    class Meta:
        db_table = "match_sketch"
        indexes = [
            models.Index(fields=["street_id", "branch", "-registered_at"], name="match_street_branch"),
            models.Index(
                fields=["community_id", "-registered_at"],
                name="match_community",
                condition=models.Q(community_id__isnull=False),
            ),
            models.Index(fields=["requester_id", "-registered_at"], name="match_requester"),
            models.Index(
                fields=["spot_mark", "-registered_at"], name="match_spot", condition=models.Q(spot_mark__isnull=False)
            ),
            models.Index(
                fields=["words_mark", "-registered_at"],
                name="match_words",
                condition=models.Q(words_mark__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"sketch of {self.case_id}"


class Progress(models.Model):
    """Up to which case the sketches of what was written past the events (imports, history) are complete; one row."""

    up_to = models.BigIntegerField(default=0)

    class Meta:
        db_table = "match_progress"

    def __str__(self) -> str:
        return f"up to {self.up_to}"
