"""What was asked and not found (知识缺口): masked words, how often, and the entry that closed the gap."""

from django.db import models
from django.db.models import Q

from huiyin.knowledge.models.entry import Entry


class Gap(models.Model):
    text = models.CharField("问题", max_length=300)  # masked: no name, no number
    class_code = models.CharField("类别", max_length=12, blank=True)
    count = models.PositiveIntegerField("次数", default=1)
    first_at = models.DateTimeField("首次")
    last_at = models.DateTimeField("最近")
    solved_by = models.ForeignKey(Entry, on_delete=models.PROTECT, null=True, related_name="gaps")
    solved_at = models.DateTimeField("解决时间", null=True)
    dismissed = models.BooleanField("无须收录", default=False)

    class Meta:
        db_table = "knowledge_gap"
        ordering = ["-count", "-last_at", "-id"]
        indexes = [
            models.Index(
                fields=["-count", "-last_at", "-id"],
                name="knowledge_open_gaps",
                condition=Q(solved_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"gap {self.pk}"
