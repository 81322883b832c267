"""Plans what happens to the demo city: how many matters, of what kind, where, from whom, and which belong together."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from huiyin.domain.calendar import CITY_ZONE, WorkCalendar
from huiyin.domain.vocabulary import Channel
from huiyin.ops.demo.phrasebook import Phrasebook
from huiyin.ops.demo.texts import pick_leaf
from huiyin.ops.demo.world import World

# DOMAIN.md §8: 86.7 % by phone in 2024; of the rest WeChat has the greater part.
_CHANNELS = ((0.867, Channel.PHONE), (0.955, Channel.WECHAT), (0.985, Channel.WEB), (1.0, Channel.APP))
_REST_DAY = 0.72  # calls on a day off against a working day
_AFTER_REST = 1.12
_IN_CLUSTERS = 0.12  # share of matters that many people report at once
_REPEAT = 0.22  # share of matters from somebody who called before
_FRESH = 0.0016  # came in within the last two hours, so that every desk has work whenever the demo opens
_ACTIVE_CLUSTERS = 3  # that begin within the last day, so that the city is busy at the start


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that a citizen brings up; `number` is its place in the history, in order of time."""

    number: int
    at: datetime
    leaf_code: str
    channel: Channel
    corner: int
    caller: int
    cluster: int | None = None
    own: bool = False  # made up by the unit itself: who calls is one of its people


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    matters: tuple[Matter, ...]
    callers: int
    own: tuple[tuple[int, int], ...] = ()  # (unit, caller): numbers of the unit's own people

    def bundles(self, size: int) -> list[list[Matter]]:
        """Matters in order of time, those of one cluster together: what one process simulates at a go."""
        of_cluster: dict[int, list[Matter]] = defaultdict(list)
        for matter in self.matters:
            if matter.cluster is not None:
                of_cluster[matter.cluster].append(matter)
        bundles: list[list[Matter]] = [[]]
        for matter in self.matters:
            if matter.cluster is None:
                bundles[-1].append(matter)
            else:
                bundles[-1].extend(of_cluster.pop(matter.cluster, ()))
            if len(bundles[-1]) >= size:
                bundles.append([])
        return [bundle for bundle in bundles if bundle]


@dataclass(frozen=True, slots=True)
class _Sketch:
    at: datetime
    leaf_code: str
    corner: int
    cluster: int | None


def plan_city(
    *, world: World, phrasebook: Phrasebook, calendar: WorkCalendar, now: datetime, days: int, cases: int
) -> Plan:
    rng = world.dice("plan")
    clustered = _clusters(world, phrasebook, rng, now=now, days=days, matters=int(cases * _IN_CLUSTERS))
    moments = _moments(rng, phrasebook, calendar, now=now, days=days, count=cases - len(clustered))
    single = [
        _Sketch(at, pick_leaf(rng=rng, at=at, phrasebook=phrasebook), world.some_corner(rng), None) for at in moments
    ]
    sketches = sorted(single + clustered, key=lambda sketch: (sketch.at, sketch.corner, sketch.leaf_code))
    callers = _Callers(rng)
    matters = []
    for number, sketch in enumerate(sketches):
        caller, corner = callers.for_matter(sketch)
        matters.append(
            Matter(
                number=number,
                at=sketch.at,
                leaf_code=sketch.leaf_code,
                channel=_channel(rng),
                corner=corner,
                caller=caller,
                cluster=sketch.cluster,
            )
        )
    return Plan(matters=tuple(matters), callers=callers.count)


def day_weight(day: date, calendar: WorkCalendar) -> float:
    if not calendar.is_workday(day):
        return _REST_DAY
    return _AFTER_REST if not calendar.is_workday(day - timedelta(days=1)) else 1.0


def _moments(
    rng: Random, phrasebook: Phrasebook, calendar: WorkCalendar, *, now: datetime, days: int, count: int
) -> list[datetime]:
    """`count` moments over the days, by the weight of day and hour; whole seconds, none after `now`."""
    local = now.astimezone(CITY_ZONE)
    hours = [phrasebook.volume_at_hour(hour) for hour in range(24)]
    slots: list[datetime] = []
    weights: list[float] = []
    for back in range(days, -1, -1):
        day = local.date() - timedelta(days=back)
        for hour in range(24):
            start = datetime(day.year, day.month, day.day, hour, tzinfo=CITY_ZONE)
            if now - timedelta(days=days) <= start <= now:
                slots.append(start)
                weights.append(day_weight(day, calendar) * hours[hour] * rng.lognormvariate(0, 0.06))
    fresh = int(count * _FRESH)
    drawn = [
        slot + timedelta(seconds=int(rng.random() * 3600)) for slot in rng.choices(slots, weights, k=count - fresh)
    ]
    drawn += [now - timedelta(seconds=int(rng.random() ** 1.5 * 7200)) for _ in range(fresh)]
    return [at.replace(microsecond=0) if at <= now else at - timedelta(hours=1) for at in drawn]


def _clusters(
    world: World, phrasebook: Phrasebook, rng: Random, *, now: datetime, days: int, matters: int
) -> list[_Sketch]:
    """The same trouble at the same place, told by several callers within hours or days."""
    found: list[_Sketch] = []
    number = 0
    while len(found) < matters:
        number += 1
        size = min(4 + int(rng.expovariate(1 / 9)), 80, matters - len(found))
        recent = number <= _ACTIVE_CLUSTERS
        start = now - timedelta(seconds=int(rng.random() * (1 if recent else days) * 86_400))
        leaf_code = _trouble(rng, phrasebook, start)
        corner = world.some_corner(rng)
        spread = rng.choice((6, 24, 72, 240)) * 3600
        for _ in range(size):
            at = start + timedelta(seconds=int(min(rng.expovariate(2.5), 1.0) * spread))
            if at > now:
                at = start + timedelta(seconds=int(rng.random() * (now - start).total_seconds()))
            found.append(_Sketch(at, leaf_code, corner, number))
    return found


def _trouble(rng: Random, phrasebook: Phrasebook, at: datetime) -> str:
    """A leaf that is a trouble of a place, not a question of one person."""
    while True:
        leaf_code = pick_leaf(rng=rng, at=at, phrasebook=phrasebook)
        if leaf_code[:2] in _OF_A_PLACE and "fact" in phrasebook.templates[leaf_code]:
            return leaf_code


_OF_A_PLACE = frozenset({"01", "02", "03", "04", "05", "06", "14", "15", "16", "17"})


class _Callers:
    """Who calls: mostly somebody new, often somebody who called before, a few again and again."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.count = 0
        self._homes: list[int] = []

    def for_matter(self, sketch: _Sketch) -> tuple[int, int]:
        """(caller, corner): a repeat caller mostly speaks of home."""
        rng = self._rng
        if self.count and sketch.cluster is None and rng.random() < _REPEAT:
            caller = int(self.count * rng.random() ** 1.6)
            return caller, self._homes[caller] if rng.random() < 0.8 else sketch.corner
        caller = self.count
        self.count += 1
        self._homes.append(sketch.corner)
        return caller, sketch.corner


def _channel(rng: Random) -> Channel:
    draw = rng.random()
    return next(channel for share, channel in _CHANNELS if draw <= share)
