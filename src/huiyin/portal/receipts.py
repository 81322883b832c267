"""What happens next, with the times that bind the hotline and the unit: from the case's clocks and rules."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.domain.vocabulary import ClockKind, Grade
from huiyin.portal.story import clocks_of, units_of
from huiyin.registry import rulebook
from huiyin.ui import wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    label: str
    note: str


def what_happens_next(case: Case, now: datetime) -> list[Next]:
    clocks = clocks_of(case)
    units = units_of(case)
    steps = []
    if ClockKind.DISPATCH in clocks:
        steps.append(Next(label=_("派到承办单位"), note=_by(clocks[ClockKind.DISPATCH], now)))
        steps.append(Next(label=_("承办单位与您联系"), note=_within(case, ClockKind.CONTACT, _("派单后%(length)s内"))))
        steps.append(Next(label=_("办理并答复您"), note=_within(case, ClockKind.HANDLE, _("派单后%(length)s内"))))
    else:
        told = _("已派给%(unit)s") % {"unit": units[0].name} if units else ""
        contact = clocks.get(ClockKind.CONTACT)
        steps.append(Next(label=_("承办单位与您联系"), note="，".join(filter(None, [told, _by(contact, now)]))))
        steps.append(Next(label=_("办理并答复您"), note=_by(case.due_at, now)))
    steps.append(Next(label=_("请您评价"), note=_("热线会问您：联系了吗、解决了吗、满意吗")))
    return steps


def _by(moment: datetime | None, now: datetime) -> str:
    return _("%(time)s前") % {"time": wording.relative(moment, now)} if moment else ""


def _within(case: Case, clock: ClockKind, words: str) -> str:
    length = rulebook.rules(case.limits_edition_id).limits[(Grade(case.grade), clock)]
    return words % {"length": f"{length.amount}{length.unit.label}"}
