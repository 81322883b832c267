"""Where the unit stands among its like, and what of it is best and worst: streets of a district, places of a unit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from huiyin.domain.evaluation import rates_of, score_of
from huiyin.evaluation import selectors
from huiyin.evaluation.models import UnitResult
from huiyin.evaluation.vocabulary import Group
from huiyin.packs import digits
from huiyin.packs.contents import Chart, ChartKind, Point, Row, Section, Table
from huiyin.packs.ground import Place
from huiyin.packs.standing import CALLED, name_of, streets_of
from huiyin.packs.subject import Subject, added
from huiyin.registry import directory

_EACH_END = 5
_BARS_EACH_END = 8
_LEAST_PLACE = 5  # valid callbacks below which a place's rates are not shown: they would say nothing
_PLACES = 8
_HEAD = ("名次", "单位", "诉求量", "解决率", "满意率", "综合成绩")
_PLACE_HEAD = ("地区", "诉求量", "有效回访", "解决率", "满意率", "综合成绩")
# Of either, where there is no room for all: 解决率 has half the weight of a score.
_NARROW, _PLACE_NARROW = (0, 1, 3, 5), (0, 3, 5)


def ranking(subject: Subject) -> Section:
    """A district on the city's map; a street among the streets of its district; others among their list."""
    peers = _ranked(subject, _peers(subject))
    where = "全区" if subject.group is Group.STREET else "全市"
    own = next((at for at, one in enumerate(peers, start=1) if one.unit_id == subject.unit.id), None)
    count = f"{len(peers)}{CALLED[subject.group]}"
    message = f"{where}参加排名的{count}中列第{own}名" if own else f"{where}有{count}参加排名，{subject.name}未参加"
    if len(peers) < 2:
        message = "参加排名的单位不足两个，不作比较"
    return Section(
        code="ranking",
        heading="在同类单位中的位置",
        message=message,
        chart=_map(subject) if subject.group is Group.DISTRICT else _bars(subject, peers, "ranking"),
        tables=(_table(subject, peers, f"{where}前{_EACH_END}名与后{_EACH_END}名"),) if peers else (),
    )


def below(subject: Subject) -> Section:
    return _streets(subject) if subject.group is Group.DISTRICT else _places(subject)


def worst_streets(subject: Subject) -> list[str]:
    """Names of the lowest ranked streets of a district, worst first."""
    ranked = _ranked(subject, streets_of(subject.unit.id))
    return [_name(one) for one in reversed(ranked[-3:])] if len(ranked) > 3 else []


def _streets(subject: Subject) -> Section:
    every = streets_of(subject.unit.id)
    ranked = _ranked(subject, every)
    if len(ranked) < 2:
        return _scored_streets(subject, every)
    best, last = _name(ranked[0]), _name(ranked[-1])
    unranked = len(every) - len(ranked)
    return Section(
        code="below",
        heading="各街道（乡镇）",
        message=f"{best}最好，{last}最后",
        notes=(f"另有{unranked}个街道（乡镇）有效回访不足，不参加排名。",) if unranked else (),
        chart=_bars(subject, ranked, "below"),
        tables=(_table(subject, ranked, f"前{_EACH_END}名与后{_EACH_END}名"),),
    )


def _scored_streets(subject: Subject, every: Sequence[int]) -> Section:
    """Hardly a street has enough callbacks to be ranked: the busiest are shown as they are."""
    results = [subject.ground.now[Group.STREET, one] for one in every if (Group.STREET, one) in subject.ground.now]
    busiest = sorted(results, key=lambda one: (-one.volume, one.unit_id))[:_PLACES]
    rows = tuple(_row(subject, one) for one in busiest)
    return Section(
        code="below",
        heading="各街道（乡镇）",
        message="有效回访不足以给各街道（乡镇）排名，下列诉求量最多的",
        tables=(Table(title="诉求量最多的街道（乡镇）", head=_HEAD, rows=rows, numeric=(2, 3, 4, 5), narrow=_NARROW),)
        if rows
        else (),
    )


def _places(subject: Subject) -> Section:
    """A street by community, a department or company by district of the matter."""
    by_place = _by_place(subject)
    busiest = sorted(by_place.items(), key=lambda item: (-item[1].counts.volume, item[0]))
    called = "社区（村）" if subject.group is Group.STREET else "区"
    rows = tuple(_place_row(subject, name, place) for name, place in busiest[:_PLACES])
    top = busiest[0] if busiest else None
    message = f"{top[0]}诉求最多，{digits.whole(top[1].counts.volume)}件" if top else "本期没有诉求"
    points = tuple(
        Point(label=name, value=float(place.counts.volume), shown=digits.whole(place.counts.volume))
        for name, place in busiest[:_PLACES]
    )
    told = "、".join(f"{point.label} {point.shown}件" for point in points)
    chart = Chart(name="below", kind=ChartKind.BARS, title="诉求量（件）", points=points, told=told) if points else None
    return Section(
        code="below",
        heading=f"各{called}",
        message=message,
        notes=(f"有效回访少于{_LEAST_PLACE}件的不显示比率。",) if rows else (),
        chart=chart,
        tables=(
            Table(
                title=f"诉求量最多的{called}",
                head=_PLACE_HEAD,
                rows=rows,
                numeric=(1, 2, 3, 4, 5),
                narrow=_PLACE_NARROW,
            ),
        )
        if rows
        else (),
    )


def _by_place(subject: Subject) -> dict[str, Place]:
    street = subject.group is Group.STREET
    source = subject.ground.in_communities if street else subject.ground.in_districts
    found: dict[str, list[Place]] = {}
    for lead in subject.leads:
        for area_id, place in source.get(lead, {}).items():
            area = directory.find_area(area_id)
            name = area.short_name if area else ("未定位到社区（村）" if street else "未定位到区")
            found.setdefault(name, []).append(place)
    return {name: added(places) for name, places in found.items()}


def _place_row(subject: Subject, name: str, place: Place) -> Row:
    counts = place.counts
    rates = rates_of(counts, subject.scheme) if counts.valid >= _LEAST_PLACE else None
    score = score_of(counts, subject.scheme) if rates else None
    return Row(
        cells=(
            name,
            digits.whole(counts.volume),
            digits.whole(counts.valid),
            digits.rate(rates.resolution if rates else None),
            digits.rate(rates.satisfaction if rates else None),
            digits.score(score, subject.scheme.score_places),
        )
    )


def _peers(subject: Subject) -> list[int]:
    if subject.group is Group.STREET:
        government = directory.district_unit(subject.unit.district_id) if subject.unit.district_id else None
        return list(streets_of(government.id)) if government else [subject.unit.id]
    return [unit_id for group, unit_id in subject.ground.now if group is subject.group]


def _ranked(subject: Subject, unit_ids: Sequence[int]) -> list[UnitResult]:
    """Those of the units that have a place, in the order of the ranking."""
    group = Group.STREET if subject.group is Group.DISTRICT and subject.unit.id not in unit_ids else subject.group
    known = (subject.ground.now.get((group, unit_id)) for unit_id in unit_ids)
    return sorted((one for one in known if one and one.rank is not None), key=lambda one: (one.rank, one.unit_id))


def _ends(ranked: list[UnitResult], each: int, own: int) -> list[UnitResult]:
    """The first and the last, and the pack's own unit wherever it is."""
    if len(ranked) <= 2 * each:
        return ranked
    middle = [one for one in ranked[each:-each] if one.unit_id == own]
    return [*ranked[:each], *middle, *ranked[-each:]]


def _table(subject: Subject, ranked: list[UnitResult], title: str) -> Table:
    rows = tuple(_row(subject, one) for one in _ends(ranked, _EACH_END, subject.unit.id))
    return Table(title=title, head=_HEAD, rows=rows, numeric=(2, 3, 4, 5), narrow=_NARROW)


def _row(subject: Subject, result: UnitResult) -> Row:
    rates = rates_of(selectors.counts_of(result), subject.scheme)
    return Row(
        cells=(
            digits.NOTHING if result.rank is None else str(result.rank),
            _name(result),
            digits.whole(result.volume),
            digits.rate(rates.resolution if rates else None),
            digits.rate(rates.satisfaction if rates else None),
            digits.score(result.score, subject.scheme.score_places),
        ),
        mark=result.unit_id == subject.unit.id,
    )


def _name(result: UnitResult) -> str:
    return name_of(Group(result.group), result.unit_id)


def _bars(subject: Subject, ranked: list[UnitResult], name: str) -> Chart | None:
    shown = _ends(ranked, _BARS_EACH_END, subject.unit.id)
    points = tuple(_point(subject, one) for one in shown)
    told = "、".join(f"{point.label} {point.shown}" for point in points)
    return Chart(name=name, kind=ChartKind.BARS, title="综合成绩", points=points, told=told) if points else None


def _point(subject: Subject, result: UnitResult, code: str = "") -> Point:
    score: Decimal | None = result.score
    return Point(
        label=_name(result),
        value=None if score is None else float(score),
        shown=digits.score(score, subject.scheme.score_places),
        mark=result.unit_id == subject.unit.id,
        code=code,
    )


def _map(subject: Subject) -> Chart | None:
    results: Mapping[object, UnitResult] = {
        key: one for key, one in subject.ground.now.items() if key[0] is Group.DISTRICT
    }
    points = []
    for one in results.values():
        area = directory.find_area(directory.unit(one.unit_id).district_id)
        if area is not None:
            points.append(_point(subject, one, code=area.code))
    told = "、".join(f"{point.label} {point.shown}" for point in points)
    title = "各区综合成绩"
    return Chart(name="ranking", kind=ChartKind.MAP, title=title, points=tuple(points), told=told, outlines="beijing")
