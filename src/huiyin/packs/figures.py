"""The figures themselves, what changed, and how far chance reaches: the first two messages of a pack."""

from fractions import Fraction

from huiyin.domain.categories import Category
from huiyin.domain.evaluation import Rates
from huiyin.packs import digits
from huiyin.packs.contents import Chart, ChartKind, Figure, Point, Section
from huiyin.packs.standing import CALLED
from huiyin.packs.subject import Past, Subject

_RATES = (
    ("response", "响应率", "not_contacted"),
    ("resolution", "解决率", "not_solved"),
    ("satisfaction", "满意率", "unsatisfied"),
)


def official(subject: Subject) -> Section:
    return Section(
        code="figures",
        heading="本期成绩",
        message=_headline(subject),
        notes=_lists(subject),
        figures=(_score(subject), _rank(subject), *_rates(subject), *_counts(subject)),
    )


def trend(subject: Subject) -> Section:
    """Score over the published periods of a year, and the places that chance leaves possible."""
    results = [(one, subject.ground.results[one.pk].get(subject.key)) for one in reversed(subject.ground.timeline)]
    places = subject.scheme.score_places
    points = tuple(
        Point(
            label=version.period.code,
            value=float(result.score) if result and result.score is not None else None,
            shown=digits.score(result.score if result else None, places),
            mark=version.pk == subject.ground.version.pk,
        )
        for version, result in results
    )
    known = [point for point in points if point.value is not None]
    since = next((version.period.label for version, result in results if result and result.score is not None), "")
    told = "、".join(f"{point.label} {point.shown}" for point in known) or "没有可比的成绩"
    message = f"{since}以来综合成绩由{known[0].shown}分到{known[-1].shown}分" if len(known) > 1 else _ALONE
    return Section(
        code="trend",
        heading="走势与名次的可信范围",
        message=message,
        notes=chance_words(subject),
        chart=Chart(name="trend", kind=ChartKind.LINE, title="综合成绩", points=points, told=told),
    )


_ALONE = "已发布的考核期不足两期，还看不出走势"


def chance_words(subject: Subject) -> tuple[str, ...]:
    """What a rank is worth: said in words, beside the official place and never instead of it."""
    result, called = subject.result, CALLED[subject.group]
    if result.rank is None:
        least = subject.scheme.min_valid
        return (f"有效回访{result.valid}件，参加排名至少要{least}件，本期不排名。",)
    words = []
    if result.rank_low is not None and result.rank_high is not None:
        span = f"第{result.rank_low}至第{result.rank_high}名" if result.rank_low != result.rank_high else "只有这一名"
        words.append(f"正式名次第{result.rank}名；只凭本期回访，名次的可信范围是{span}（九成把握）。")
    alike = sum(one.alike for (group, _), one in subject.ground.now.items() if group is subject.group)
    if alike > 1:
        inside = f"{subject.name}在其中" if result.alike else f"{subject.name}不在其中"
        words.append(f"本期有{alike}{called}的成绩无法区分先后，{inside}。")
    return tuple(words)


def _headline(subject: Subject) -> str:
    result, places = subject.result, subject.scheme.score_places
    if result.score is None:
        return f"本期有效回访{result.valid}件，不足以计算综合成绩"
    told = f"综合成绩{digits.score(result.score, places)}分"
    if result.rank is not None:
        told += f"，{subject.among}{CALLED[subject.group]}中第{result.rank}名"
    moved, _ = digits.rank_change(result.rank, subject.before.result.rank if subject.before else None)
    return f"{told}，比上期{moved}" if moved else told


def _lists(subject: Subject) -> tuple[str, ...]:
    named = [Category(one).label for one in subject.result.categories]
    return (f"本期列入：{'、'.join(named)}",) if named else ()


def _score(subject: Subject) -> Figure:
    places = subject.scheme.score_places

    def change(past: Past | None) -> tuple[str, int]:
        return digits.score_change(subject.result.score, past.result.score if past else None, places)

    (words, sign), (year, _) = change(subject.before), change(subject.year_ago)
    return Figure(
        code="score",
        label="综合成绩",
        shown=digits.score(subject.result.score, places),
        exact="" if subject.result.score is None else f"{subject.result.score}",
        change=words,
        year_change=year,
        good=_good(sign),
        opens="valid",
    )


def _rank(subject: Subject) -> Figure:
    def change(past: Past | None) -> tuple[str, int]:
        return digits.rank_change(subject.result.rank, past.result.rank if past else None)

    (words, sign), (year, _) = change(subject.before), change(subject.year_ago)
    return Figure(
        code="rank",
        label="名次",
        shown=digits.place(subject.result.rank, subject.among),
        exact="" if subject.result.rank is None else str(subject.result.rank),
        change=words,
        year_change=year,
        good=_good(sign),
    )


def _rates(subject: Subject) -> list[Figure]:
    def of(rates: Rates | None, code: str) -> Fraction | None:
        found: Fraction | None = getattr(rates, code) if rates else None
        return found

    found = []
    for code, label, opens in _RATES:
        value = of(subject.rates, code)
        before = of(subject.before.rates, code) if subject.before else None
        year_before = of(subject.year_ago.rates, code) if subject.year_ago else None
        words, sign = digits.rate_change(value, before)
        found.append(
            Figure(
                code=code,
                label=label,
                shown=digits.rate(value),
                exact=digits.exact(value),
                change=words,
                year_change=digits.rate_change(value, year_before)[0],
                good=_good(sign),
                opens=opens,
            )
        )
    return found


def _counts(subject: Subject) -> list[Figure]:
    counted = (("volume", "诉求量", None), ("valid", "有效回访", None), ("not_solved", "未解决", False))
    found = []
    for code, label, more_is_good in counted:
        value = _count(subject.counts, code)
        before = _count(subject.before.counts, code) if subject.before else None
        year_before = _count(subject.year_ago.counts, code) if subject.year_ago else None
        words, sign = digits.count_change(value, before)
        found.append(
            Figure(
                code=code,
                label=label,
                shown=digits.whole(value),
                exact=str(value),
                change=words,
                year_change=digits.count_change(value, year_before)[0],
                good=None if more_is_good is None else _good(-sign),
                opens=code,
            )
        )
    return found


def _count(counts: object, code: str) -> int:
    if code == "not_solved":
        return int(counts.resolution_valid - counts.solved)  # type: ignore[attr-defined]  # Counts
    return int(getattr(counts, code))


def _good(sign: int) -> bool | None:
    return None if sign == 0 else sign > 0
