"""What pages and programs read of governed streets: cards, months against the target line, whom the rules name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from huiyin.accounts.viewer import Viewer
from huiyin.domain.evaluation import half_even
from huiyin.domain.governed import Verdict
from huiyin.governance import access, facts, governing
from huiyin.governance.facts import City
from huiyin.governance.models import GovernedStreet, Measure
from huiyin.governance.vocabulary import Move, Stage
from huiyin.registry import directory

_SHOWN = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One published month of a street, the city's rates beside; rates in percent, None where nobody was asked."""

    label: str
    code: str
    version: int
    volume: int
    rank: int
    resolution: Decimal | None
    satisfaction: Decimal | None
    city_resolution: Decimal | None
    city_satisfaction: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A governed street as a card."""

    street: GovernedStreet
    name: str
    district: str
    months: Sequence[Month]  # newest first
    done: int
    measures: int
    late: int
    may_leave: bool  # all conditions of exit are met
    observed: int  # periods
    observed_enough: bool

    @property
    def newest(self) -> Month | None:
        return self.months[0] if self.months else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What the rule names for a person to decide: a street, the step that is due, the verdict if one is behind it."""

    move: Move
    unit_id: int
    street_id: int | None
    name: str
    district: str
    verdict: Verdict | None


def streets_for(viewer: Viewer) -> QuerySet[GovernedStreet]:
    """The city's people see all, a district its own, a street itself. Two statements."""
    measures = Prefetch("measures", Measure.objects.order_by("due", "id"))
    return GovernedStreet.objects.filter(access.visible_streets(viewer)).prefetch_related(measures)


def counts_of(viewer: Viewer) -> dict[Stage, int]:
    rows = GovernedStreet.objects.filter(access.visible_streets(viewer)).order_by().values_list("stage")
    known = dict(rows.annotate(many=Count("id")))
    return {stage: known.get(str(stage), 0) for stage in Stage}


def lines(viewer: Viewer, stage: Stage, city: City, today: date) -> list[Line]:
    """The largest volume of the newest month first. There are some tens of them in a city of hundreds of streets."""
    found = [line_of(one, city, today) for one in streets_for(viewer).filter(stage=str(stage))]
    return sorted(found, key=lambda line: (-(line.newest.volume if line.newest else 0), line.street.pk))


def line_of(street: GovernedStreet, city: City, today: date) -> Line:
    measures = list(street.measures.all())
    standing = [one for one in measures if one.dropped_at is None]
    verdict = facts.exit_of(city, street, measures) if street.stage == Stage.GOVERNED else None
    return Line(
        street=street,
        name=directory.unit(street.unit_id).short_name,
        district=directory.area(street.district_id).short_name,
        months=months_of(street.unit_id, city),
        done=sum(one.done_at is not None for one in standing),
        measures=len(standing),
        late=sum(is_late(one, today) for one in standing),
        may_leave=bool(verdict and verdict.met),
        observed=governing.observed_periods(street, city),
        observed_enough=governing.is_observed_long_enough(street, city),
    )


def is_late(measure: Measure, today: date) -> bool:
    return measure.is_open and measure.due < today


def months_of(unit_id: int, city: City) -> list[Month]:
    found = []
    for one in city.months[:_SHOWN]:
        if unit_id not in one.figures.counts:
            continue
        own, whole = one.rates(unit_id), one.city
        found.append(
            Month(
                label=one.version.period.label,
                code=one.version.period.code,
                version=one.version.number,
                volume=one.figures.counts[unit_id].volume,
                rank=one.figures.ranks[unit_id],
                resolution=_percent(own.resolution if own else None),
                satisfaction=_percent(own.satisfaction if own else None),
                city_resolution=_percent(whole.resolution if whole else None),
                city_satisfaction=_percent(whole.satisfaction if whole else None),
            )
        )
    return found


def named(city: City) -> list[Named]:
    """Streets that may come in by the newest month, the largest first; then who may leave, end, or must come back."""
    if city.newest is None:
        return []
    under = list(GovernedStreet.objects.exclude(stage=str(Stage.ENDED)).prefetch_related("measures").order_by("id"))
    governed = {street.unit_id for street in under}
    found = [
        _named(Move.ENTER, unit_id, None, verdict)
        for unit_id in facts.large_or_busy(city)
        if unit_id not in governed
        and (verdict := facts.entry_of(city, unit_id)) is not None
        and verdict.met
        and _is_street(unit_id)
    ]
    for street in under:
        found += [_named(what, street.unit_id, street.pk, verdict) for what, verdict in _due(street, city)]
    return found


def chart_of(street: GovernedStreet, months: Sequence[Month]) -> dict[str, Any]:
    """For ECharts: the oldest month first, the targets as lines; a click opens the cases of the month."""
    oldest_first = list(reversed(months))
    return {
        "periods": [one.label for one in oldest_first],
        "codes": [one.code for one in oldest_first],
        "volume": [one.volume for one in oldest_first],
        "resolution": [_float(one.resolution) for one in oldest_first],
        "satisfaction": [_float(one.satisfaction) for one in oldest_first],
        "city_resolution": [_float(one.city_resolution) for one in oldest_first],
        "city_satisfaction": [_float(one.city_satisfaction) for one in oldest_first],
        "targets": {
            "volume": street.target_volume,
            "resolution": _float(street.target_resolution),
            "satisfaction": _float(street.target_satisfaction),
        },
        "unit": street.unit_id,
    }


def _due(street: GovernedStreet, city: City) -> list[tuple[Move, Verdict | None]]:
    """What the rule says is due about a street that is under governance or observed."""
    if street.stage == Stage.GOVERNED:
        verdict = governing.verdict_for(Move.EXIT, street, city)
        return [(Move.EXIT, verdict)] if verdict and verdict.met else []
    again = governing.verdict_for(Move.RETURN, street, city)
    if again is not None and again.met and governing.observed_periods(street, city):
        return [(Move.RETURN, again)]
    return [(Move.END, again)] if governing.is_observed_long_enough(street, city) else []


def _named(move: Move, unit_id: int, street_id: int | None, verdict: Verdict | None) -> Named:
    unit = directory.unit(unit_id)
    return Named(
        move=move,
        unit_id=unit_id,
        street_id=street_id,
        name=unit.short_name,
        district=directory.area(unit.district_id).short_name if unit.district_id else "",
        verdict=verdict,
    )


def _is_street(unit_id: int) -> bool:
    unit = directory.find_unit(unit_id)
    return unit is not None and unit.district_id is not None


def _percent(rate: Any) -> Decimal | None:
    return None if rate is None else half_even(100 * rate, 2)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
