"""What pages and programs read of talks: those of one's own reach, the open ones first, promises that are overdue."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from huiyin.accounts.viewer import Viewer
from huiyin.domain.vocabulary import Term
from huiyin.evaluation import selectors as evaluation
from huiyin.evaluation.vocabulary import Group
from huiyin.governance import access
from huiyin.governance.models import Talk
from huiyin.governance.vocabulary import TalkState
from huiyin.registry import directory

_MOST = 200


class Shown(Term):
    """Which talks a list shows."""

    OPEN = "open", "未了结"
    OVERDUE = "overdue", "承诺逾期"
    ENDED = "ended", "已了结"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkLine:
    talk: Talk
    name: str
    overdue: bool

    @property
    def state(self) -> TalkState:
        return TalkState(self.talk.state)


def talks_for(viewer: Viewer) -> QuerySet[Talk]:
    return Talk.objects.filter(access.visible_talks(viewer)).select_related("period", "version")


def talk_lines(viewer: Viewer, shown: Shown, today: date) -> list[TalkLine]:
    """What is open: the overdue first, then by the day of the promise, then what waits. One statement."""
    rows = talks_for(viewer).filter(_condition(shown, today))
    rows = rows.order_by("-ended_at", "-id") if shown is Shown.ENDED else rows.order_by("promised_until", "id")
    return [line_of(row, today) for row in rows[:_MOST]]


def line_of(talk: Talk, today: date) -> TalkLine:
    unit = directory.find_unit(talk.unit_id)
    return TalkLine(
        talk=talk,
        name=evaluation.name_of(Group(talk.group), unit) if unit else "",
        overdue=is_overdue(talk, today),
    )


def is_overdue(talk: Talk, today: date) -> bool:
    return talk.state == TalkState.HELD and talk.promised_until is not None and talk.promised_until < today


def counts_of(viewer: Viewer, today: date) -> dict[Shown, int]:
    rows = talks_for(viewer).order_by()
    counted = rows.aggregate(
        **{str(one): _count(one, today) for one in Shown},
    )
    return {one: counted[str(one)] for one in Shown}


def _condition(shown: Shown, today: date) -> Q:
    held = Q(state=str(TalkState.HELD))
    return {
        Shown.OPEN: held | Q(state=str(TalkState.PROPOSED)),
        Shown.OVERDUE: held & Q(promised_until__lt=today),
        Shown.ENDED: Q(state__in=[str(TalkState.CLOSED), str(TalkState.DROPPED)]),
    }[shown]


def _count(shown: Shown, today: date) -> Count:
    return Count("id", filter=_condition(shown, today))
