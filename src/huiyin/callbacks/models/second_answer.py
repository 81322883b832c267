"""What a citizen answers when there is an answer already: kept beside the first, never put over it, counted nowhere."""

from django.db import models

from huiyin.callbacks.vocabulary import Way
from huiyin.domain.vocabulary import Attitude, Satisfaction


class SecondAnswer(models.Model):
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    round = models.SmallIntegerField()
    first_seq = models.IntegerField()  # the event that holds the first answer
    way = models.CharField(max_length=8, choices=Way.choices())
    contacted = models.BooleanField()
    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=20, choices=Satisfaction.choices())
    attitude = models.CharField(max_length=10, choices=Attitude.choices(), default="", blank=True)
    words = models.TextField(default="", blank=True)
    reason = models.CharField(max_length=200)  # why there is a second one
    at = models.DateTimeField()
    by_id = models.IntegerField(null=True)  # the agent who wrote down what was said on the phone
    by_name = models.CharField(max_length=60, default="", blank=True)
    invitation = models.OneToOneField(
        "callbacks.Invitation", on_delete=models.PROTECT, null=True, related_name="second_answer"
    )

    class Meta:
        db_table = "callback_second_answer"

    def __str__(self) -> str:
        return f"second answer {self.pk}"
