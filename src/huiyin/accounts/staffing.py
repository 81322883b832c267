"""Writes about people: taking them on, their posts, their passwords; every change is kept with who made it."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from axes.utils import reset as unlock_attempts
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from huiyin.accounts.models import Post, Staff, StaffChange
from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.vocabulary import Role

_FIELDS = ("name", "staff_no", "username", "phone")
# Without letters and figures that are mistaken for one another when read aloud or copied by hand.
_PASSWORD_SIGNS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105  # the alphabet, no password


def may_manage(viewer: Viewer, staff: Staff) -> bool:
    """A central administrator manages everybody; one of a unit those whose posts all lie in the unit and below."""
    if not viewer.has(Role.ADMINISTRATOR):
        return False
    if viewer.sees == "city":
        return True
    units = {post.unit_id for post in staff.posts.valid_on(timezone.localdate())}
    return bool(units) and units <= viewer.unit_ids


@transaction.atomic
def create_staff(*, by: Viewer, data: Mapping[str, str], role: Role, unit_id: int, now: datetime) -> tuple[Staff, str]:
    """A new person with a first post; returns the initial password, which is shown once and must be changed."""
    _refuse_unless(may_post_at(by, unit_id))
    password = draw_password()
    staff = Staff(**{field: data.get(field, "") for field in _FIELDS}, must_change_password=True)
    staff.set_password(password)
    staff.save(force_insert=True)
    _record(staff, by=by, what="新建账号", before=None, after=_facts(staff), now=now)
    _open_post(staff, role=role, unit_id=unit_id, is_main=True, by=by, now=now)
    return staff, password


@transaction.atomic
def change_facts(staff: Staff, *, by: Viewer, data: Mapping[str, str], now: datetime) -> Staff:
    _refuse_unless(may_manage(by, staff))
    before = _facts(staff)
    for field in _FIELDS:
        setattr(staff, field, data.get(field, ""))
    if _facts(staff) != before:
        staff.save(update_fields=_FIELDS)
        _record(staff, by=by, what="修改资料", before=before, after=_facts(staff), now=now)
    return staff


@transaction.atomic
def add_post(staff: Staff, *, by: Viewer, role: Role, unit_id: int, now: datetime) -> Post:
    _refuse_unless(may_post_at(by, unit_id) and (may_manage(by, staff) or not staff.posts.exists()))
    if staff.posts.valid_on(timezone.localdate(now)).filter(role=role.value, unit_id=unit_id).exists():
        raise InvalidData({"role": "此人在该单位已有这个岗位。"})
    return _open_post(staff, role=role, unit_id=unit_id, is_main=False, by=by, now=now)


@transaction.atomic
def end_post(post: Post, *, by: Viewer, now: datetime) -> None:
    """The post ends with yesterday; one that began today never was."""
    staff = post.staff
    _refuse_unless(may_manage(by, staff))
    _refuse_last_administrator(staff, without=post)
    facts = _post_facts(post)
    yesterday = timezone.localdate(now) - timedelta(days=1)
    if post.valid_from > yesterday:
        post.delete()
    else:
        post.valid_to = yesterday
        post.save(update_fields=["valid_to"])
    _record(staff, by=by, what="终止岗位", before=facts, after=None, now=now)


@transaction.atomic
def set_active(staff: Staff, *, active: bool, by: Viewer, now: datetime) -> None:
    _refuse_unless(may_manage(by, staff) and staff.pk != by.staff_id)
    if not active:
        _refuse_last_administrator(staff)
    staff.is_active = active
    staff.save(update_fields=["is_active"])
    _record(staff, by=by, what="启用账号" if active else "停用账号", before=None, after=None, now=now)


@transaction.atomic
def reset_password(staff: Staff, *, by: Viewer, now: datetime) -> str:
    """A new initial password, and any lock after wrong attempts is lifted."""
    _refuse_unless(may_manage(by, staff))
    password = draw_password()
    staff.set_password(password)
    staff.must_change_password = True
    staff.save(update_fields=["password", "must_change_password"])
    unlock_attempts(username=staff.username)
    _record(staff, by=by, what="重置密码", before=None, after=None, now=now)
    return password


def unlock(staff: Staff, *, by: Viewer, now: datetime) -> None:
    _refuse_unless(may_manage(by, staff))
    unlock_attempts(username=staff.username)
    _record(staff, by=by, what="解除锁定", before=None, after=None, now=now)


@transaction.atomic
def forget_second_factor(staff: Staff, *, by: Viewer, now: datetime) -> None:
    """For whoever lost the phone: the password alone opens the account again until a new code is set up."""
    _refuse_unless(may_manage(by, staff))
    Authenticator.objects.filter(user=staff).delete()
    _record(staff, by=by, what="解除双重验证", before=None, after=None, now=now)


def switch_unit(staff: Staff, *, unit_id: int) -> None:
    """切换岗位: from now on the person works for another of the units where there is a post."""
    if not staff.posts.valid_on(timezone.localdate()).filter(unit_id=unit_id).exists():
        raise NotPermitted("您在该单位没有岗位。")
    staff.active_unit_id = unit_id
    staff.save(update_fields=["active_unit"])
    staff.__dict__.pop("viewer", None)


def may_post_at(viewer: Viewer, unit_id: int) -> bool:
    return viewer.has(Role.ADMINISTRATOR) and (viewer.sees == "city" or unit_id in viewer.unit_ids)


def draw_password(length: int = 12) -> str:
    while True:
        password = "".join(secrets.choice(_PASSWORD_SIGNS) for _ in range(length))
        try:
            validate_password(password)
        except ValidationError:
            continue
        return password


def _open_post(staff: Staff, *, role: Role, unit_id: int, is_main: bool, by: Viewer, now: datetime) -> Post:
    today: date = timezone.localdate(now)
    post = Post.objects.create(staff=staff, role=role.value, unit_id=unit_id, is_main=is_main, valid_from=today)
    _record(staff, by=by, what="设置岗位", before=None, after=_post_facts(post), now=now)
    return post


def _refuse_unless(permitted: bool) -> None:  # reads as a sentence
    if not permitted:
        raise NotPermitted("您只能管理本单位及下级单位的人员，且不能停用自己。")


def _refuse_last_administrator(staff: Staff, *, without: Post | None = None) -> None:
    """The platform always keeps one active central administrator."""
    posts = Post.objects.valid_on(timezone.localdate()).filter(role=Role.ADMINISTRATOR.value, unit__kind="hotline")
    here = posts.filter(staff=staff)
    if (here.filter(pk=without.pk) if without else here).exists():
        others = posts.filter(staff__is_active=True).exclude(pk__in=[without.pk] if without else here.values("pk"))
        if not others.exists():
            raise NotPermitted("这是最后一位系统管理员，请先设置另一位。")


def _facts(staff: Staff) -> dict[str, str]:
    return {field: getattr(staff, field) for field in _FIELDS}


def _post_facts(post: Post) -> dict[str, Any]:
    return {"role": post.role, "unit": post.unit.name, "valid_from": post.valid_from.isoformat()}


def _record(staff: Staff, *, by: Viewer, what: str, before: Any, after: Any, now: datetime) -> None:
    StaffChange.objects.create(at=now, staff=staff, by_id=by.staff_id, what=what, before=before, after=after)
