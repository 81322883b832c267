"""Reads units or cases from a file for `huiyin evaluate rates`: every fault with its line, or counts that hold."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TypeVar

from huiyin.domain.entering import Outcome, enter
from huiyin.domain.errors import InvalidData
from huiyin.domain.evaluation import COUNTED, Counts, UnitCounts
from huiyin.domain.schemes import EvaluationRules
from huiyin.domain.vocabulary import RequestType, Satisfaction
from huiyin.tables.columns import read_columns

_UNIT_COUNTS = ("volume", "valid", "contacted", "solved", "satisfied", "basically_satisfied")
_FLAGS = ("valid", "contacted", "solved", "excluded", "suspended")
_CASE = ("case_no", "unit", "group", "valid", "contacted", "solved", "satisfaction", "excluded", "suspended")
_Word = TypeVar("_Word")
_YES, _NO = {"1", "true", "是"}, {"0", "false", "否"}
_SATISFACTION = {
    **{str(word.value): word for word in Satisfaction},
    **{word.label: word for word in Satisfaction},
    "dissatisfied": Satisfaction.UNSATISFIED,
}
_TYPES = {**{str(word.value): word for word in RequestType}, **{word.label: word for word in RequestType}}


@dataclass(slots=True)
class Given:
    """`variances` only where cases were given: of what one callback adds to its unit's score, 0 to 1."""

    units: list[UnitCounts] = field(default_factory=list)
    variances: dict[tuple[str, str], float] | None = None
    faults: list[str] = field(default_factory=list)


def read_units(path: Path) -> Given:
    given, seen = Given(), set()
    for line, row in enumerate(read_columns(path, ("unit", "group", *_UNIT_COUNTS)), start=2):
        faults: list[str] = []
        key = _key(row, faults)
        numbers = {name: _whole(name, row[name], faults) for name in _UNIT_COUNTS}
        if key in seen:
            faults.append(f"单位“{row['unit']}”在组“{row['group']}”中重复")
        seen.add(key)
        if not faults:
            try:
                counts = Counts(**numbers)
                given.units.append(UnitCounts(unit=row["unit"], group=row["group"], counts=counts))
            except InvalidData as exc:
                faults += [f"{name} {fault}" for name, fault in exc.errors.items()]
        given.faults += [f"第 {line} 行：{fault}" for fault in faults]
    return given


def read_cases(path: Path, rules: EvaluationRules) -> Given:
    """Counts by the rule of what enters. Units appear in the order of their first case."""
    given, variances = Given(), {}
    found: dict[tuple[str, str], Counter[Outcome]] = {}
    seen: set[str] = set()
    for line, row in enumerate(read_columns(path, _CASE, optional=("request_type",)), start=2):
        faults: list[str] = []
        key = _key(row, faults)
        number = row["case_no"]
        if not number:
            faults.append("case_no 不能为空")
        elif number in seen:
            faults.append(f"案件编号“{number}”重复")
        seen.add(number)
        outcome = _outcome(row, faults)
        if outcome is not None and not faults:
            found.setdefault(key, Counter())[outcome] += 1
        given.faults += [f"第 {line} 行：{fault}" for fault in faults]
    if not given.faults:
        for (group, unit), outcomes in found.items():
            given.units.append(UnitCounts(unit=unit, group=group, counts=_sum(outcomes, rules)))
            variances[group, unit] = _variance(outcomes, rules)
    given.variances = variances
    return given


def _key(row: Mapping[str, str], faults: list[str]) -> tuple[str, str]:
    if not row["unit"]:
        faults.append("unit 不能为空")
    return row["group"], row["unit"]


def _whole(name: str, text: str, faults: list[str]) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    faults.append(f"{name} 的值“{text}”不是非负整数")
    return 0


def _outcome(row: Mapping[str, str], faults: list[str]) -> Outcome | None:
    asked = row["valid"].lower() in _YES
    flags = {name: _flag(name, row[name], faults, blank_is_no=not asked and name != "valid") for name in _FLAGS}
    satisfaction = _one_of("satisfaction", row["satisfaction"], _SATISFACTION, faults, needed=asked)
    kind = _one_of("request_type", row.get("request_type", ""), _TYPES, faults, needed=False)
    if faults:
        return None
    return _known_outcome(
        kind or RequestType.COMPLAINT,
        flags["excluded"],
        flags["suspended"],
        flags["valid"],
        flags["contacted"],
        flags["solved"],
        satisfaction,
    )


@cache  # rows that say the same share one object, so a million of them are quickly counted
def _known_outcome(
    kind: RequestType,
    excluded: bool,
    suspended: bool,
    valid: bool,
    contacted: bool,
    solved: bool,
    satisfaction: Satisfaction | None,
) -> Outcome:
    return Outcome(
        request_type=kind,
        dispatched=True,
        excluded=excluded,
        suspended=suspended,
        callback_valid=valid,
        contacted=contacted,
        solved=solved,
        satisfaction=satisfaction,
    )


def _flag(name: str, text: str, faults: list[str], *, blank_is_no: bool) -> bool:
    word = text.lower()
    if word in _YES:
        return True
    if word in _NO or (not word and (blank_is_no or name in ("excluded", "suspended"))):
        return False
    faults.append(f"{name} 的值“{text}”应为 1/0、true/false 或 是/否")
    return False


def _one_of(name: str, text: str, words: Mapping[str, _Word], faults: list[str], *, needed: bool) -> _Word | None:
    if text in words:
        return words[text]
    if text or needed:
        faults.append(f"{name} 的值“{text}”无效")
    return None


def _sum(outcomes: Counter[Outcome], rules: EvaluationRules) -> Counts:
    sums = dict.fromkeys(COUNTED, 0)
    for outcome, times in outcomes.items():
        one = enter(outcome, rules.entering).counts
        for name in COUNTED:
            sums[name] += times * getattr(one, name)
    return Counts(**sums)


def _variance(outcomes: Counter[Outcome], rules: EvaluationRules) -> float:
    """Between the callbacks of one unit, exact; 0 where there are fewer than two."""
    scheme = rules.scheme
    n, total, square = 0, Fraction(), Fraction()
    for outcome, times in outcomes.items():
        one = enter(outcome, rules.entering).counts
        value = (
            Fraction(scheme.response_weight) * one.contacted
            + Fraction(scheme.resolution_weight) * one.solved
            + Fraction(scheme.satisfaction_weight)
            * (one.satisfied + Fraction(scheme.basically_counts) * one.basically_satisfied)
        )
        n, total, square = n + times * one.valid, total + times * value, square + times * value**2
    return float((square - total**2 / n) / (n - 1)) if n > 1 else 0.0
