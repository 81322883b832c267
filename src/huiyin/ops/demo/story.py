"""What the people of the demo know about one case, and what one of them will do next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from huiyin.domain.actions import Action
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.case import Actor, Case
from huiyin.domain.deadlines import due_at
from huiyin.domain.rules import Rules
from huiyin.domain.vocabulary import ClockKind, Grade, Outcome, RequestType
from huiyin.ops.demo import replies
from huiyin.ops.demo.phrasebook import Phrasebook
from huiyin.ops.demo.places import PlaceWords
from huiyin.ops.demo.world import World

_URGENT = (Grade.CRITICAL, Grade.URGENT)
_DAY_BEGINS, _DAY_ENDS = time(8, 30), time(20, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What really is the matter, whatever was registered."""

    key: int  # seeds everything that is left to chance in this case
    leaf_code: str
    request_type: RequestType
    unit_id: int | None
    sub_unit_id: int | None
    community_id: int | None
    title: str
    place: PlaceWords
    merge_into: int | None = None  # an open case about the same thing
    own: bool = False  # the unit itself made it up


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What somebody will do, and when; what is entered is only worded once it happens."""

    at: datetime
    action: Action
    actor: Actor
    data: Callable[[datetime], Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All that a decision may look at."""

    case: Case
    truth: Truth
    world: World
    rules: Rules
    phrasebook: Phrasebook
    refused: frozenset[Action] = frozenset()  # tried before and not allowed: nobody tries twice

    def dice(self, *purpose: object) -> Random:
        return self.world.dice(self.truth.key, self.case.round, *purpose)

    def limit(self, kind: ClockKind, since: datetime) -> timedelta:
        return due_at(kind, start=since, grade=self.case.grade, rules=self.rules) - since

    def at(self, when: datetime, rng: Random, *, by_day: bool = True) -> datetime:
        """Whole seconds, not before the last event; by day where nothing presses."""
        if by_day and self.case.grade not in _URGENT:
            when = _in_daytime(when, rng)
        return max(when.replace(microsecond=0), self.case.last_at)

    def note(self, kind: str, rng: Random, at: datetime) -> str:
        return replies.make_note(rng=rng, kind=kind, place=self.truth.place, at=at, phrasebook=self.phrasebook)

    def outcome(self) -> Outcome:
        """What this round of handling will achieve; known in advance only to us."""
        rng = self.dice("outcome")
        assert self.case.lead_unit_id is not None
        care = self.world.quality(self.case.lead_unit_id).care * _ease(self.truth.leaf_code)
        good = min(0.97, care + 0.25 * (self.case.round - 1))
        draw = rng.random()
        if draw < good:
            return Outcome.SOLVED
        return Outcome.PARTLY if draw < good + (1 - good) * 0.45 else Outcome.EXPLAINED


def _ease(leaf_code: str) -> float:
    """Some matters are harder than others: property rights and money harder than a lamp."""
    return 0.82 if leaf_code[:2] in ("01", "11", "16") else 0.92 if leaf_code[:2] in ("04", "08", "20") else 1.05


def _in_daytime(when: datetime, rng: Random) -> datetime:
    local = when.astimezone(CITY_ZONE)
    if _DAY_BEGINS <= local.time() <= _DAY_ENDS:
        return when
    day = local.date() + timedelta(days=local.time() > _DAY_ENDS)
    return datetime.combine(day, _DAY_BEGINS, tzinfo=CITY_ZONE) + timedelta(seconds=int(rng.random() ** 2 * 14_400))
