"""Which classes of matters cost the unit its points, which it does best, and which are rising."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from huiyin.domain.evaluation import Counts, Rates, Scheme, rates_of
from huiyin.packs import digits
from huiyin.packs.contents import Chart, ChartKind, Figure, Point, Row, Section, Table
from huiyin.packs.subject import Subject
from huiyin.registry.rulebook import Taxonomy

_BRANCH = 4  # digits of a class that name its second level
_WORST, _BEST, _RISING = 8, 3, 6
_LEAST_BEST = 10  # valid callbacks that a class needs to be praised
_LEAST_RISE = 5  # cases more than before
_SURE = 2.0  # standard errors of the difference of two counts
_HEAD = ("类别", "诉求量", "有效回访", "解决率", "满意率", "失分")
_NARROW = (0, 3, 5)  # 解决率 has half the weight of a score


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """One class: its counts, and what its answers take from the unit's 100 points."""

    name: str
    counts: Counts
    points: Fraction


def points_lost(subject: Subject) -> list[Lost]:
    """All classes of the second level, the costliest first; their points add up to 100 minus the exact score."""
    named = _named(subject.ground.classes, subject)
    lost = [Lost(name=name, counts=one, points=_points(one, subject)) for name, one in named.items()]
    return sorted(lost, key=lambda one: (-one.points, -one.counts.volume, one.name))


def worst(subject: Subject, lost: list[Lost]) -> Section:
    costly = [one for one in lost if one.points > 0][:_WORST]
    whole = sum((one.points for one in lost), Fraction())
    if costly:
        share = digits.rate(costly[0].points / whole)
        message = f"失分最多的是{costly[0].name}：{digits.points(costly[0].points)}分，占全部失分的{share}"
    else:
        message = "本期没有失分的类别"
    points = tuple(
        Point(label=one.name, value=float(one.points), shown=digits.points(one.points), mark=at == 0)
        for at, one in enumerate(costly)
    )
    told = "、".join(f"{point.label} {point.shown}分" for point in points)
    return Section(
        code="classes",
        heading="失分在哪些类别",
        message=message,
        notes=("失分：每类的未联系、未解决、不满意按权重从100分中扣去的分数，各类之和等于100减综合成绩。",)
        if costly
        else (),
        chart=Chart(name="classes", kind=ChartKind.BARS, title="失分", points=points, told=told) if points else None,
        tables=tuple(_tables(subject.scheme, costly, _best(lost, costly, subject.scheme))),
    )


def rising(subject: Subject) -> Section:
    """What grows beyond chance, and what stands beside the figures: late, second handling, 督办, exclusions."""
    found = _rises(subject)
    if subject.ground.before is None:
        message = "没有上期已发布的成绩，不能比较诉求量"
    elif found:
        name, before, now = found[0]
        message = f"{name}上升最明显：{digits.whole(before)}件到{digits.whole(now)}件"
    else:
        message = "没有哪一类的诉求量明显上升"
    rows = tuple(
        Row(cells=(name, digits.whole(before), digits.whole(now), digits.count_change(now, before)[0]))
        for name, before, now in found
    )
    table = Table(title="诉求量明显上升的类别", head=("类别", "上期", "本期", "变化"), rows=rows, numeric=(1, 2, 3))
    return Section(
        code="rising",
        heading="苗头与办理情况",
        message=message,
        figures=_beside(subject),
        tables=(table,) if rows else (),
    )


def excluded_share(subject: Subject) -> Fraction | None:
    """Of what would have been the volume."""
    whole = subject.result.excluded + subject.counts.volume
    return Fraction(subject.result.excluded, whole) if whole else None


def _beside(subject: Subject) -> tuple[Figure, ...]:
    share = excluded_share(subject)
    result, beside = subject.result, subject.beside
    return (
        _counted("late", "超时限", beside.late),
        _counted("again", "二次办理", beside.again),
        _counted("supervised", "督办", beside.supervised),
        _counted("excluded", "剔除", result.excluded, opens="excluded"),
        Figure(
            code="excluded_share",
            label="剔除占比",
            shown=digits.rate(share),
            exact=digits.exact(share),
            opens="excluded",
        ),
        _counted("suspended", "挂账", result.suspended, opens="suspended"),
        _counted("not_asked", "尚未回访", result.not_asked, opens="not_asked"),
        _counted("carried", "上期结转", result.carried, opens="carried"),
    )


def _counted(code: str, label: str, value: int, opens: str = "") -> Figure:
    return Figure(code=code, label=label, shown=digits.whole(value), exact=str(value), opens=opens)


def _rises(subject: Subject) -> list[tuple[str, int, int]]:
    if subject.ground.before is None:
        return []
    now = _named(subject.ground.classes, subject)
    before = _named(subject.ground.classes_before, subject)
    sure = []
    for name, counts in now.items():
        was, is_now = before.get(name, Counts()).volume, counts.volume
        error = (is_now - was) / math.sqrt(is_now + was) if is_now + was else 0.0
        if is_now - was >= _LEAST_RISE and error >= _SURE:
            sure.append((error, name, was, is_now))
    return [(name, was, is_now) for _, name, was, is_now in sorted(sure, key=lambda one: (-one[0], one[1]))[:_RISING]]


def _named(by_unit: Mapping[int, Mapping[str, Counts]], subject: Subject) -> dict[str, Counts]:
    """The subject's counts by the name of the second level."""
    names = _names(subject.ground.taxonomy)
    found: dict[str, Counts] = defaultdict(Counts)
    for lead in subject.leads:
        for code, counts in by_unit.get(lead, {}).items():
            found[names.get(code[:_BRANCH], "未分类")] += counts
    return dict(found)


def _names(taxonomy: Taxonomy) -> dict[str, str]:
    return {code[:_BRANCH]: info.level2 for code, info in taxonomy.items()}


def _points(one: Counts, subject: Subject) -> Fraction:
    """The unit's denominators, the class's shortfall: so that the classes add up."""
    scheme, whole = subject.scheme, subject.counts
    pleased = one.satisfied + Fraction(scheme.basically_counts) * one.basically_satisfied
    lost = Fraction()
    if whole.valid:
        lost += Fraction(scheme.response_weight) * Fraction(one.valid - one.contacted, whole.valid)
        lost += Fraction(scheme.satisfaction_weight) * (one.valid - pleased) / whole.valid
    if whole.resolution_valid:
        missed = one.resolution_valid - one.solved
        lost += Fraction(scheme.resolution_weight) * Fraction(missed, whole.resolution_valid)
    return 100 * lost


def _best(lost: Iterable[Lost], costly: list[Lost], scheme: Scheme) -> list[Lost]:
    def merit(one: Lost) -> Fraction:
        rates = rates_of(one.counts, scheme)
        return rates.resolution if rates and rates.resolution is not None else Fraction(-1)

    enough = [one for one in lost if one.counts.resolution_valid >= _LEAST_BEST and one not in costly[:_BEST]]
    return sorted(enough, key=lambda one: (-merit(one), -one.counts.valid, one.name))[:_BEST]


def _tables(scheme: Scheme, costly: list[Lost], best: list[Lost]) -> Iterable[Table]:
    for title, chosen in (("失分最多的类别", costly), ("解决得最好的类别", best)):
        if chosen:
            rows = tuple(_row(one, rates_of(one.counts, scheme)) for one in chosen)
            yield Table(title=title, head=_HEAD, rows=rows, numeric=(1, 2, 3, 4, 5), narrow=_NARROW)


def _row(one: Lost, rates: Rates | None) -> Row:
    return Row(
        cells=(
            one.name,
            digits.whole(one.counts.volume),
            digits.whole(one.counts.valid),
            digits.rate(rates.resolution if rates else None),
            digits.rate(rates.satisfaction if rates else None),
            digits.points(one.points),
        )
    )
