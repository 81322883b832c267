"""Takes on an administrator without another one being there: on a new installation, or when all passwords are lost."""

from allauth.mfa.models import Authenticator
from axes.utils import reset as unlock_attempts
from django.db import transaction
from django.utils import timezone

from huiyin.accounts.models import Post, Staff, StaffChange
from huiyin.accounts.staffing import draw_password
from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.registry.models import Unit


class NoHotline(Exception):
    """还没有热线中心这个单位，请先载入城市数据：huiyin preset load beijing"""

    def __str__(self) -> str:
        return self.__doc__ or ""


@transaction.atomic
def administrator(username: str, *, name: str, staff_no: str) -> str:
    """Make or restore the account and its post at the hotline; returns the initial password. It stays on record."""
    hotline = Unit.objects.filter(kind=UnitKind.HOTLINE.value).order_by("code").first()
    if hotline is None:
        raise NoHotline
    now, password = timezone.now(), draw_password()
    staff = Staff.objects.filter(username=username).first() or Staff(username=username, name=name, staff_no=staff_no)
    staff.is_active, staff.must_change_password, staff.active_unit = True, True, None
    staff.set_password(password)
    staff.save()
    held = {"staff": staff, "role": Role.ADMINISTRATOR.value, "unit": hotline, "valid_to": None}
    Post.objects.get_or_create(**held, defaults={"valid_from": timezone.localdate(now), "is_main": True})
    unlock_attempts(username=username)
    StaffChange.objects.create(at=now, staff=staff, by=None, what="命令行设管理员", before=None, after=None)
    return password


def forget_second_factor(username: str) -> None:
    Authenticator.objects.filter(user__username=username).delete()
