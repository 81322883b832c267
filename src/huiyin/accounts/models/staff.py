"""Who works here (Staff), at which unit and as what (Post), and what was changed about them (StaffChange)."""

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from huiyin.domain.vocabulary import Role
from huiyin.registry.models import Unit

if TYPE_CHECKING:
    from huiyin.accounts.viewer import Viewer


class Staff(AbstractUser):
    """A person who signs in; what the person may see and do comes from the posts, not from Django's permissions."""

    first_name = None  # type: ignore[assignment]  # a Chinese name is one field
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=40)
    staff_no = models.CharField("工号", max_length=32, unique=True)
    phone = models.CharField("联系电话", max_length=32, blank=True)
    # Which unit the person works for at the moment, if the posts are at several; empty: the main post's.
    active_unit = models.ForeignKey(
        Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="当前单位"
    )
    must_change_password = models.BooleanField("须修改密码", default=False)
    demo = models.BooleanField("演示账号", default=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "staff_no"]

    class Meta:
        ordering = ["staff_no"]
        indexes = [models.Index(fields=["name"], name="staff_name")]
        verbose_name = "工作人员"

    def __str__(self) -> str:
        return f"{self.name}（{self.staff_no}）"

    @cached_property
    def viewer(self) -> "Viewer":
        from huiyin.accounts.viewer import read_viewer

        return read_viewer(self)


class PostQuerySet(models.QuerySet["Post"]):
    def valid_on(self, day: date) -> "PostQuerySet":
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Post(models.Model):
    """岗位: one role at one unit, from a day and perhaps to a day."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="posts", verbose_name="人员")
    role = models.CharField("角色", max_length=20, choices=Role.choices())
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts", verbose_name="单位")
    is_main = models.BooleanField("主岗", default=False)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-is_main", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "role", "unit"], condition=Q(valid_to__isnull=True), name="post_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="post_dates_in_order"
            ),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="post_role_known"),
        ]
        verbose_name = "岗位"

    def __str__(self) -> str:
        return f"{self.unit.short_name} {Role(self.role).label}"


class StaffChange(models.Model):
    """One edit of a person or of the posts; rows are only ever added."""

    at = models.DateTimeField("时间")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="changes", verbose_name="人员")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="修改人")
    what = models.CharField("内容", max_length=20)
    before = models.JSONField("修改前", null=True)
    after = models.JSONField("修改后", null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["staff", "-id"], name="staff_change_of")]

    def __str__(self) -> str:
        return f"{self.what} {self.staff_id}"

    @property
    def summary(self) -> str:
        """What changed, in words: 登录名：zhang → zhangwei; 望京街道办事处 · 承办人."""
        before, after = self.before or {}, self.after or {}
        facts = after or before
        if "role" in facts:
            return f"{facts['unit']} · {Role(facts['role']).label}"
        changed = [key for key in before if key in after and before[key] != after[key]]
        return "；".join(f"{_LABELS.get(key, key)}：{before[key] or '空'} → {after[key] or '空'}" for key in changed)


_LABELS = {"name": "姓名", "staff_no": "工号", "username": "登录名", "phone": "联系电话"}
