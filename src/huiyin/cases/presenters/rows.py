"""A case as one row of a list: the light that presses, the words, where, with whom; no query beyond one for names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from huiyin.accounts.viewer import Viewer
from huiyin.cases import disclosure, numbers
from huiyin.cases.models import Case
from huiyin.cases.presenters import lights, names
from huiyin.domain import privacy
from huiyin.domain.vocabulary import Asked, Role, Status

_OWNERS = (Role.HANDLER, Role.UNIT_HEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    label: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    case: Case
    href: str  # of the case's page; what can be done with it lies below
    number: str
    title: str
    clock: lights.ShownClock | None
    class_name: str
    place: str
    unit: str
    sub_unit: str
    handler: str
    flags: Sequence[Flag]
    may_sign: bool
    may_contact: bool


def rows_of(cases: Sequence[Case], viewer: Viewer, now: datetime, *, masked: bool = False) -> list[Row]:
    """Prefetch the clocks. `masked`: never open words, whoever looks (results of a search)."""
    people = names.staff_names(case.handler_id for case in cases)
    above = reverse("cases:search")  # once a list: a row of fifty would look its addresses up some three hundred times
    return [_row(case, viewer, now, people.get(case.handler_id or 0, ""), masked, above) for case in cases]


def flags_of(case: Case) -> list[Flag]:
    said = [
        (case.confidential, "保密", "violet"),
        (case.escalated, "提级", "red"),
        (case.supervised, "督办", "red"),
        (case.round > 1, "重办", "amber"),
        (case.urge_count > 0, f"催办{case.urge_count}", "amber"),
        (case.extension == Asked.REQUESTED, "申请延期", "amber"),
        (case.extension == Asked.GRANTED, "已延期", ""),
        (case.suspension == Asked.REQUESTED, "申请挂账", "amber"),
        (bool(case.denied_unit_ids), "退单未准", ""),
    ]
    return [Flag(label=label, tone=tone) for is_so, label, tone in said if is_so]


def _row(case: Case, viewer: Viewer, now: datetime, handler: str, masked: bool, above: str) -> Row:
    words = privacy.mask_text if masked else disclosure.words_for(viewer, case)
    own = viewer.has(*_OWNERS) and viewer.unit_id in (case.lead_unit_id, case.sub_unit_id)
    return Row(
        case=case,
        href=f"{above}{case.case_no}/",
        number=numbers.grouped(case.case_no),
        title=words(case.title),
        clock=lights.pressing(case.clocks.all(), now),
        class_name=names.class_leaf(case.taxonomy_edition_id, case.class_code),
        place=names.place_of(case),
        unit=names.unit_name(case.lead_unit_id),
        sub_unit=names.unit_name(case.sub_unit_id),
        handler=handler,
        flags=flags_of(case),
        may_sign=own and case.status == Status.DISPATCHED,
        may_contact=own and case.status in (Status.SIGNED, Status.HANDLING),
    )
