"""Labelled cases: what people decided about a case, beside what the machine had proposed. No citizen's text."""

from django.db import models
from django.db.models import F, Q

from huiyin.domain.vocabulary import Term


class Kind(Term):
    CLASS = "class", "问题分类"
    TYPE = "type", "诉求类型"
    PLACE = "place", "街道（乡镇）"
    UNIT = "unit", "承办单位"
    GRADE = "grade", "分级"


class Source(Term):
    """Who decided, the weightiest first."""

    RULING = "ruling", "退单裁决"
    CORRECTION = "correction", "人工更正"
    DISPATCHER = "dispatcher", "派单员选定"
    OPERATOR = "operator", "话务员选定"
    IMPORT = "import", "导入"
    CONFIRMED = "confirmed", "未改动办结"


class LabelledCase(models.Model):
    """One row a case and kind: the value that holds, and who gave it. Text is read from the case when training."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices())
    proposed = models.CharField(max_length=12, default="", blank=True)  # empty: the machine was not asked
    final = models.CharField(max_length=12)
    source = models.CharField(max_length=12, choices=Source.choices())
    by_staff_id = models.BigIntegerField(null=True)
    by_unit_id = models.IntegerField(null=True)
    at = models.DateTimeField()
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "learning_label"
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="learning_label_once")]
        indexes = [
            # Training reads the newest of one kind; the page what was corrected lately.
            models.Index(fields=["kind", "-registered_at", "-id"], name="learning_label_newest"),
            models.Index(
                fields=["kind", "-at"],
                name="learning_label_corrected",
                condition=~Q(proposed="") & ~Q(proposed=F("final")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of case {self.case_id}"
