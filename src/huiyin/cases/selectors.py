"""Reads that several rooms share: one case for one viewer, its people as this viewer may see them, what is similar."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from huiyin.accounts import sealed
from huiyin.accounts.viewer import Viewer
from huiyin.cases import numbers
from huiyin.cases.desk import CaseNotFound
from huiyin.cases.models import Case, Requester
from huiyin.cases.visibility import visible_to
from huiyin.domain import privacy
from huiyin.domain.errors import InvalidData

_SIMILAR_LIMIT: Final = 5
_HISTORY_LIMIT: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A citizen's name and number, masked; the open ones are only had through `accounts.reveals` (logged)."""

    name: str
    phone: str


def cases_for(viewer: Viewer) -> QuerySet[Case]:
    return Case.objects.filter(visible_to(viewer))


def find_case(viewer: Viewer, number: str) -> Case:
    """One visible case by its number as people type it. CaseNotFound also where the viewer may not see it."""
    found = named(viewer, number).first()
    if found is None:
        raise CaseNotFound
    return found


def named(viewer: Viewer, number: str) -> QuerySet[Case]:
    """The same one, not read yet: for `desk.act_on`, which reads it under its lock."""
    return cases_for(viewer).filter(case_no=numbers.normalise(number)).select_related("requester")


def case_by_access_code(number: str, code: str) -> Case:
    """The citizen's way in: number and 查询码 together. One answer for every kind of mismatch."""
    plain = numbers.normalise(number)
    right = numbers.access_code(plain, secret=settings.DATA_KEY)
    wrong = InvalidData({"code": "编号或查询码不对，请核对短信或回执"})
    if numbers.normalise(code) != right:
        raise wrong
    found = Case.objects.filter(case_no=plain).first()
    if found is None:
        raise wrong
    return found


def masked_identity(requester: Requester) -> Identity:
    name = sealed.unseal(bytes(requester.name_sealed)) if requester.name_sealed else ""
    phone = sealed.unseal(bytes(requester.phone_sealed)) if requester.phone_sealed else ""
    return Identity(name=privacy.mask_name(name), phone=privacy.mask_phone(phone))


def of_caller(viewer: Viewer, phone: str) -> list[Case]:
    """The latest cases of this number that the viewer may see (fingerprint, case_of_requester)."""
    by_number = cases_for(viewer).filter(requester__phone_print=sealed.fingerprint(phone))
    return list(by_number.order_by("-registered_at", "-id")[:_HISTORY_LIMIT])


def similar_open(viewer: Viewer, *, street_id: int, class_code: str) -> list[Case]:
    """Open cases of the same class in the same street, newest first (case_open_place)."""
    same = cases_for(viewer).filter(closed_at__isnull=True, street_id=street_id, class_code=class_code)
    return list(same.order_by("-id")[:_SIMILAR_LIMIT])


def merged_into(case: Case) -> list[Case]:
    """The cases that go on in this one; each of their callers is owed an answer."""
    return list(Case.objects.filter(merged_into_id=case.pk).order_by("id")[:200])
