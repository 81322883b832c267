"""What another model said about a case that nobody was sure of."""

from django.db import models


class SecondOpinion(models.Model):
    """One question to the city's language model; a person reads the answer, nothing acts on it."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="+", primary_key=True)
    asked_at = models.DateTimeField()
    model = models.CharField(max_length=100)
    class_code = models.CharField(max_length=6, default="", blank=True)  # empty: it chose none of the candidates
    reason = models.CharField(max_length=200, default="", blank=True)
    problem = models.CharField(max_length=200, default="", blank=True)  # why there is no answer

    class Meta:
        db_table = "dispatch_second_opinion"

    def __str__(self) -> str:
        return f"second opinion on case {self.case_id}"
