"""Who reads what of a citizen: free words openly or masked, and who may ask to see name, number and address in full.

And which events of a case are told to whom.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from django.conf import settings

from huiyin.accounts import reveals, sealed
from huiyin.accounts.models.looks import RevealedField
from huiyin.accounts.viewer import Viewer
from huiyin.cases import numbers
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain import privacy
from huiyin.domain.actions import Action
from huiyin.domain.errors import NotPermitted
from huiyin.domain.vocabulary import Role

_HOTLINE_DESKS = (Role.OPERATOR, Role.DISPATCHER, Role.CALLBACK_AGENT)
_AT_UNIT = (Role.HANDLER, Role.UNIT_HEAD)
REVEALABLE: Final = (RevealedField.NAME, RevealedField.PHONE)


def reads_openly(viewer: Viewer, case: Case) -> bool:
    """The hotline's desks, and the people of the units that handle the case; who only looks on reads masked words."""
    if viewer.sees == "city" and viewer.has(*_HOTLINE_DESKS):
        return True
    return viewer.has(*_AT_UNIT) and viewer.unit_id in {case.lead_unit_id, case.sub_unit_id, *case.co_unit_ids}


def words_for(viewer: Viewer, case: Case) -> Callable[[str], str]:
    """What to run free words through before this viewer reads them."""
    openly = reads_openly(viewer, case) and not _hidden_from(viewer, case)
    return _as_it_is if openly else privacy.mask_text


def may_reveal(viewer: Viewer, case: Case) -> bool:
    """A unit never learns who asked to stay unknown to it (隐去身份); the hotline passes words on."""
    return reads_openly(viewer, case) and not _hidden_from(viewer, case)


def reveal(viewer: Viewer, case: Case, field: str, *, purpose: str, reason: str, ip: str | None, now: datetime) -> str:
    """The open value, after the look was written down. NotPermitted, or InvalidData where the reason is missing."""
    if not may_reveal(viewer, case) or field not in REVEALABLE:
        raise NotPermitted("您的岗位无权查看此案件诉求人的身份信息。")
    reveals.record(case_id=case.pk, viewer=viewer, field=field, purpose=purpose, reason=reason, ip=ip, at=now)
    kept = case.requester.phone_sealed if field == RevealedField.PHONE else case.requester.name_sealed
    return sealed.unseal(bytes(kept)) if kept else ""


def events_told(events: Iterable[CaseEvent], case: Case, *, whole_city: bool) -> list[CaseEvent]:
    """What may be told of them now to who sees the whole city, or to anybody else.

    While a callback runs, only the hotline knows of calls that nobody answered: from them a unit would learn that its
    case was drawn (docs/callbacks.md), and could call the citizen first. Once there is a result, all are told.
    """
    if whole_city or case.callback_valid is not None:
        return list(events)
    return [event for event in events if not _is_call_of_this_round_in_vain(event, case)]


def _is_call_of_this_round_in_vain(event: CaseEvent, case: Case) -> bool:
    """Calls before the case was given back (重办, 重新办理) belong to a callback that is over."""
    in_vain = event.action == Action.RECORD_CALLBACK and event.data.get("reached") is False
    return in_vain and (case.dispatched_at is None or event.at >= case.dispatched_at)


def access_code_for(viewer: Viewer, case: Case) -> str:
    """查询码, for the hotline to read out. Empty for a unit: by it one judges as the citizen (DOMAIN.md R06)."""
    told = viewer.sees == "city" and viewer.has(Role.OPERATOR, Role.DISPATCHER)
    return numbers.access_code(case.case_no, secret=settings.DATA_KEY) if told else ""


def _hidden_from(viewer: Viewer, case: Case) -> bool:
    return case.anonymous and viewer.sees != "city"


def _as_it_is(text: str) -> str:
    return text
