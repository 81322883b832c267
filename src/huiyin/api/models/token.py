"""Keys for other systems: a secret known only to its holder, the staff account it acts for, what it may do."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from huiyin.api.scopes import Scope


class ApiToken(models.Model):
    """Only the secret's SHA-256 is kept: 256 random bits need no slow hash. `hint` tells one token from another."""

    name = models.CharField("用途", max_length=60)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens", verbose_name="账号"
    )
    scopes = ArrayField(models.CharField(max_length=12, choices=Scope.choices()), verbose_name="权限")
    digest = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField("开头", max_length=12)
    per_minute = models.PositiveIntegerField("每分钟次数")
    created_at = models.DateTimeField("创建时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="创建人"
    )
    expires_at = models.DateTimeField("到期时间")
    revoked_at = models.DateTimeField("停用时间", null=True)
    last_used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        db_table = "api_token"
        constraints = [
            models.CheckConstraint(condition=Q(per_minute__gt=0), name="api_token_rate_above_zero"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="api_token_for_something"),
        ]

    def __str__(self) -> str:
        return f"{self.hint}…"
