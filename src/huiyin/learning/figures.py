"""What the learning page shows: accuracy, coverage, calibration, drift, corrections; from counts alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.utils.http import urlencode

from huiyin.cases.presenters import names
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.vocabulary import Grade, RequestType
from huiyin.learning.models import ConfidenceDay, DriftWeek, Kind, LabelledCase, OutcomeDay
from huiyin.registry import rulebook

DAYS: Final = 30
WEEKS: Final = 12
TOP: Final = 15
STEPS: Final = 20
_COUNTS = (
    "dispatched",
    "automatic",
    "automatic_wrong",
    "unit_known",
    "unit_right",
    "class_known",
    "class_right",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of a week, a class, a unit, or all together; `query` narrows the list of cases to it."""

    name: str = ""
    query: str = ""
    dispatched: int = 0
    automatic: int = 0
    automatic_wrong: int = 0
    unit_known: int = 0
    unit_right: int = 0
    class_known: int = 0
    class_right: int = 0

    @property
    def coverage(self) -> float | None:
        return _share(self.automatic, self.dispatched)

    @property
    def wrong_share(self) -> float | None:
        return _share(self.automatic_wrong, self.automatic)

    @property
    def unit_accuracy(self) -> float | None:
        return _share(self.unit_right, self.unit_known)

    @property
    def class_accuracy(self) -> float | None:
        return _share(self.class_right, self.class_known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    kind: Kind
    proposed: str
    final: str
    count: int
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Proposals of about one confidence: what was claimed, what came true."""

    claimed: float
    true: float
    cases: int
    query: str


def totals(now: datetime) -> Counts:
    found = _recent(now).aggregate(**{name: Sum(name) for name in _COUNTS})
    return Counts(**{name: found[name] or 0 for name in _COUNTS})


def weeks(now: datetime) -> list[Counts]:
    """Oldest first; the running week is not over."""
    first = _today(now) - timedelta(weeks=WEEKS - 1, days=_today(now).weekday())
    rows = (
        OutcomeDay.objects.filter(day__gte=first)
        .annotate(week=TruncWeek("day"))
        .values("week")
        .annotate(**{f"all_{name}": Sum(name) for name in _COUNTS})
        .order_by("week")
    )
    return [
        Counts(
            name=f"{row['week']:%m-%d}",
            query=urlencode({"week": row["week"].isoformat()}),
            **{name: row[f"all_{name}"] for name in _COUNTS},
        )
        for row in rows
    ]


def by_class(now: datetime) -> list[Counts]:
    level2 = {code[:4]: f"{info.level1}/{info.level2}" for code, info in _taxonomy(now).items()}
    return _grouped(now, "class_prefix", "class", lambda key: level2.get(key, names.UNCLASSIFIED))


def by_unit(now: datetime) -> list[Counts]:
    return _grouped(now, "unit_id", "unit", names.unit_name)


def calibration(now: datetime, kind: str) -> list[Step]:
    rows = (
        ConfidenceDay.objects.filter(kind=kind, day__gte=_first_day(now))
        .values("step")
        .annotate(total=Sum("cases"), good=Sum("right"), claimed=Sum("confidence"))
        .order_by("step")
    )
    return [
        Step(
            claimed=round(row["claimed"] / row["total"], 4),
            true=round(row["good"] / row["total"], 4),
            cases=row["total"],
            query=urlencode({"what": f"{kind}_known", "step": row["step"]}),
        )
        for row in rows
    ]


def calibration_error(steps: Sequence[Step]) -> float | None:
    """ECE over twentieths: the mean gap between claimed and true."""
    total = sum(step.cases for step in steps)
    return sum(step.cases * abs(step.claimed - step.true) for step in steps) / total if total else None


def corrections(now: datetime) -> list[Correction]:
    """What people changed most; uses learning_label_corrected."""
    rows = (
        corrected(now)
        .values("kind", "proposed", "final")
        .annotate(count=Count("id"))
        .order_by("-count", "kind", "proposed", "final")[:TOP]
    )
    return [
        Correction(
            kind=Kind(row["kind"]),
            proposed=value_name(row["kind"], row["proposed"], now),
            final=value_name(row["kind"], row["final"], now),
            count=row["count"],
            query=urlencode({"what": "corrected", **{name: row[name] for name in ("kind", "proposed", "final")}}),
        )
        for row in rows
    ]


def corrected(now: datetime, days: int = DAYS) -> QuerySet[LabelledCase]:
    kinds = [str(kind) for kind in Kind]
    rows = LabelledCase.objects.filter(kind__in=kinds, at__gte=now - timedelta(days=days))
    return rows.filter(~Q(proposed=""), ~Q(proposed=F("final")))


def drift() -> list[DriftWeek]:
    """The latest weeks, oldest first, each against the model of its time."""
    found = list(DriftWeek.objects.order_by("-week", "-model")[:WEEKS])
    return found[::-1]


def movers(week: DriftWeek | None, now: datetime) -> list[tuple[str, float, float, str]]:
    """(class, share in training, share now, its code), the farthest moved first."""
    level2 = {code[:4]: f"{info.level1}/{info.level2}" for code, info in _taxonomy(now).items()}
    return [(level2.get(code, code), old, new, code) for code, old, new in (week.movers if week else [])]


def value_name(kind: str, value: str, now: datetime) -> str:
    if kind == Kind.CLASS:
        info = _taxonomy(now).get(value)
        return info.name if info else value
    if kind == Kind.TYPE:
        return RequestType(value).label
    if kind == Kind.GRADE:
        return Grade(value).label
    name = names.unit_name(int(value)) if kind == Kind.UNIT else names.area_name(int(value))
    return name or value


def _grouped(now: datetime, by: str, query: str, name_of: Any) -> list[Counts]:
    """The most wrongly dispatched first, then the most frequent."""
    rows = (
        _recent(now)
        .values(by)
        .annotate(**{f"all_{name}": Sum(name) for name in _COUNTS})
        .order_by("-all_automatic_wrong", "-all_dispatched", by)[:TOP]
    )
    return [
        Counts(
            name=name_of(row[by]) or str(row[by]),
            query=urlencode({query: row[by]}),
            **{name: row[f"all_{name}"] for name in _COUNTS},
        )
        for row in rows
    ]


def _recent(now: datetime) -> QuerySet[OutcomeDay]:
    return OutcomeDay.objects.filter(day__gte=_first_day(now))


def _first_day(now: datetime) -> date:
    return _today(now) - timedelta(days=DAYS)


def _today(now: datetime) -> date:
    return now.astimezone(CITY_ZONE).date()


def _taxonomy(now: datetime) -> Mapping[str, rulebook.ClassInfo]:
    return rulebook.taxonomy(rulebook.current(now).taxonomy_id)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
