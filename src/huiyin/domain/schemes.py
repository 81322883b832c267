"""All figures of an evaluation as one value, read from a dated table of keys and texts; faults are named, not guessed.

The keys are those of analytics/schemes.csv, which ships the presets; docs/evaluation.md explains each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TypeVar

from huiyin.domain.categories import ListSizes, TalkRule
from huiyin.domain.entering import EnteringRule
from huiyin.domain.errors import InvalidData
from huiyin.domain.evaluation import Scheme
from huiyin.domain.governed import GovernedRule
from huiyin.domain.periods import PeriodRule
from huiyin.domain.vocabulary import RequestType

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRule:
    """剔除 under control: alarm at an outlying share, re-check of a sample; how long a unit may appeal."""

    exclusion_alarm_share: Decimal
    recheck_share: Decimal
    appeal_working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationRules:
    scheme: Scheme
    periods: PeriodRule
    entering: EnteringRule
    lists: ListSizes
    talk: TalkRule
    governed: GovernedRule
    review: ReviewRule


def rules_from(name: str, values: Mapping[str, str]) -> EvaluationRules:
    """The rules that a table of keys and values says; InvalidData names every key that is missing or wrong."""
    read = _Reader(values)
    scheme = {
        "response_weight": read.value("response_weight", _share),
        "resolution_weight": read.value("resolution_weight", _share),
        "satisfaction_weight": read.value("satisfaction_weight", _share),
        "basically_counts": read.value("basically_counts", _share),
    }
    places, least = read.value("score_places", _whole), read.value("min_valid", _whole)
    bands = read.value("bands", _wholes)
    periods = {key: read.value(key, _whole) for key in ("start_day", "day_turns_at", "year_begins_in")}
    entering = EnteringRule(
        never=read.value("types_not_scored", _types) or frozenset(),
        without_resolution=read.value("types_without_resolution", _types) or frozenset(),
    )
    lists = {key: read.value(f"list_{key}", _whole) for key in ("advanced", "progress", "rectify", "governed")}
    talk = {key: read.value(f"talk_{key}", _whole) for key in ("in_a_row", "times", "window")}
    governed = {
        key: read.value(f"governed_{key}", _whole)
        for key in ("entry_rank", "entry_population", "exit_rank", "exit_periods", "observation_periods")
    }
    fall = read.value("governed_exit_fall", _share)
    alarm, recheck = read.value("exclusion_alarm_share", _share), read.value("recheck_share", _share)
    appeal = read.value("appeal_working_days", _whole)
    read.refuse_faults()
    return EvaluationRules(
        scheme=Scheme(
            name=name, score_places=_there(places), min_valid=_there(least), bands=_there(bands), **_all(scheme)
        ),
        periods=PeriodRule(**_all(periods)),
        entering=entering,
        lists=ListSizes(**_all(lists)),
        talk=TalkRule(**_all(talk)),
        governed=GovernedRule(exit_fall=_there(fall), **_all(governed)),
        review=ReviewRule(
            exclusion_alarm_share=_there(alarm), recheck_share=_there(recheck), appeal_working_days=_there(appeal)
        ),
    )


class _Reader:
    """Takes values by key and keeps the faults, so all of them are told at once."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._left = dict(values)
        self._faults: dict[str, str] = {}

    def value(self, key: str, parse: Callable[[str], _Value]) -> _Value | None:
        text = self._left.pop(key, None)
        if text is None:
            self._faults[key] = f"缺少 {key}"
            return None
        try:
            return parse(text.strip())
        except (ValueError, InvalidOperation):
            self._faults[key] = f"{key} 的值“{text}”无效"
            return None

    def refuse_faults(self) -> None:
        unknown = {key: f"不认识的项目 {key}" for key in self._left}
        if self._faults or unknown:
            raise InvalidData({**self._faults, **unknown})


def _whole(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def _wholes(text: str) -> tuple[int, ...]:
    numbers = tuple(_whole(part) for part in text.split("|") if part)
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        raise ValueError(text)
    return numbers


def _share(text: str) -> Decimal:
    share = Decimal(text)
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share


def _types(text: str) -> frozenset[RequestType]:
    known = {str(kind.value): kind for kind in RequestType}
    names = [part for part in text.split("|") if part]
    if not known.keys() >= set(names):
        raise ValueError(text)
    return frozenset(known[name] for name in names)


def _there(value: _Value | None) -> _Value:
    assert value is not None, "faults are refused before"
    return value


def _all(values: Mapping[str, _Value | None]) -> dict[str, _Value]:
    return {key: _there(value) for key, value in values.items()}
