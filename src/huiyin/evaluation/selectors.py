"""What pages, packs and programs read of the evaluation; writes nothing. Counts of queries are fixed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from huiyin.accounts.viewer import Viewer
from huiyin.domain import evaluation
from huiyin.domain.entering import JUDGED, OUTSIDE, Why
from huiyin.domain.errors import InvalidData
from huiyin.domain.evaluation import Counts, Rates, Scheme, Standing, rates_of
from huiyin.domain.vocabulary import Role, Satisfaction
from huiyin.evaluation import counting, figuring, periods
from huiyin.evaluation.models import CaseResult, Period, UnitResult, Version
from huiyin.evaluation.vocabulary import Group, Stage
from huiyin.registry import directory
from huiyin.registry.directory import UnitInfo

COUNTED = (
    "volume",
    "valid",
    "contacted",
    "solved",
    "satisfied",
    "basically_satisfied",
    "suggestions",
    "carried",
)
_BEFORE_PUBLICATION = frozenset({Role.EVALUATOR, Role.ANALYST, Role.LEADER, Role.AUDITOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a ranking as it is shown."""

    result: UnitResult
    unit: UnitInfo
    counts: Counts
    rates: Rates | None

    @property
    def name(self) -> str:
        """A district's line is all that it governs, so it bears the district's name and not its government's."""
        return name_of(Group(self.result.group), self.unit)


def name_of(group: Group, unit: UnitInfo) -> str:
    area = directory.find_area(unit.district_id) if group is Group.DISTRICT else None
    return area.short_name if area else unit.short_name


def published() -> list[Version]:
    """The latest published version of every period, the newest period first."""
    found = (
        Version.objects.filter(stage=str(Stage.PUBLISHED))
        .select_related("period")
        .order_by("-period__begins_at", "-number")
    )
    latest: dict[int, Version] = {}
    for version in found:
        latest.setdefault(version.period_id, version)
    return list(latest.values())


def live() -> Version | None:
    """The estimate of the period that runs."""
    return Version.objects.filter(stage=str(Stage.LIVE)).select_related("period").order_by("-period__begins_at").first()


def version_of(code: str, number: int | None = None) -> Version:
    """A version of a period; without a number the latest published, else the latest there is. InvalidData if none."""
    known = Version.objects.filter(period__code=code).select_related("period").order_by("-number")
    versions = list(known) if periods.is_code(code) else []
    if number is not None:
        versions = [one for one in versions if one.number == number]
    official = [one for one in versions if one.stage == Stage.PUBLISHED]
    if not versions:
        raise InvalidData({"period": f"没有考核期“{code}”的成绩"})
    return (official or versions)[0]


def may_see(viewer: Viewer, version: Version) -> bool:
    """Published figures are everybody's; before that, theirs who close, analyse or answer for the whole city."""
    return version.stage == Stage.PUBLISHED or (viewer.sees == "city" and viewer.has(*_BEFORE_PUBLICATION))


def scheme_of(version: Version) -> Scheme:
    return periods.rules_of(version.scheme_edition_id).scheme


def counts_of(result: UnitResult) -> Counts:
    return Counts(**{name: getattr(result, name) for name in COUNTED})


def board(version: Version, group: Group) -> list[Line]:
    """A ranking from its first place on; unranked units after it by name. One query; at most some hundred lines."""
    scheme, units = scheme_of(version), directory.units()
    results = UnitResult.objects.filter(version=version, group=str(group))
    lines = [line_of(one, scheme) for one in results if one.unit_id in units]
    return sorted(lines, key=lambda line: (line.result.rank is None, line.result.rank or 0, line.unit.code))


def line_of(result: UnitResult, scheme: Scheme) -> Line:
    counts = counts_of(result)
    return Line(
        result=result,
        unit=directory.unit(result.unit_id),
        counts=counts,
        rates=rates_of(counts, scheme),
    )


def find_line(version: Version, group: Group, unit_id: int) -> Line | None:
    result = UnitResult.objects.filter(version=version, group=str(group), unit_id=unit_id).first()
    return line_of(result, scheme_of(version)) if result else None


def summary_of(version: Version, lines: Collection[Line]) -> evaluation.Summary:
    """The row below a table: sums of counts, means of rates, their score."""
    standings = [
        Standing(
            unit=line.unit.code,
            group=line.result.group,
            counts=line.counts,
            rates=line.rates,
            score=line.result.score,
            rank=line.result.rank,
        )
        for line in lines
    ]
    return evaluation.summary(standings, scheme_of(version))


def trend(group: Group, unit_id: int, *, last: int = 13) -> list[tuple[Period, Version, UnitResult]]:
    """A unit's published figures, the newest period first."""
    versions = {version.pk: version for version in published()[:last]}
    results = UnitResult.objects.filter(version__in=versions, group=str(group), unit_id=unit_id)
    found = [(versions[one.version_id].period, versions[one.version_id], one) for one in results]
    return sorted(found, key=lambda each: each[0].begins_at, reverse=True)


def class_counts(version: Version, unit_ids: Collection[int] | None = None) -> dict[tuple[int, str], Counts]:
    """By lead unit and class of the taxonomy; of these units only, if any are named."""
    return counting.class_counts(version, unit_ids)


def units_of(group: Group, unit_id: int, version: Version | None = None) -> tuple[int, ...]:
    """The lead units that a line adds up: itself, or all that a district governs; in a version as they were then."""
    line = None
    if version is not None:
        line = UnitResult.objects.filter(version=version, group=str(group), unit_id=unit_id).first()
    return figuring.leads_of(line) if line else figuring.lines().get((group, unit_id), (unit_id,))


Figures = Mapping[str, tuple[str, Q]]

FIGURES: Figures = {
    "volume": ("诉求量", Q(carried=False) & ~Q(why__in=[str(why) for why in OUTSIDE])),
    "valid": ("有效回访", Q(why__in=[str(why) for why in JUDGED])),
    "contacted": ("已联系", Q(why__in=[str(why) for why in JUDGED], contacted=True)),
    "not_contacted": ("未联系", Q(why__in=[str(why) for why in JUDGED]) & ~Q(contacted=True)),
    "solved": ("已解决", Q(why=str(Why.COUNTED), solved=True)),
    "not_solved": ("未解决", Q(why=str(Why.COUNTED)) & ~Q(solved=True)),
    "satisfied": ("满意", Q(why__in=[str(why) for why in JUDGED], satisfaction=str(Satisfaction.SATISFIED))),
    "basically_satisfied": (
        "基本满意",
        Q(why__in=[str(why) for why in JUDGED], satisfaction=str(Satisfaction.BASICALLY_SATISFIED)),
    ),
    "unsatisfied": (
        "不满意",
        Q(why__in=[str(why) for why in JUDGED], satisfaction=str(Satisfaction.UNSATISFIED)),
    ),
    "suggestions": ("建议（不计解决率）", Q(why=str(Why.WITHOUT_RESOLUTION))),
    "carried": ("上期结转", Q(why__in=[str(why) for why in JUDGED], carried=True)),
    "excluded": ("剔除", Q(why=str(Why.EXCLUDED))),
    "suspended": ("挂账", Q(why=str(Why.SUSPENDED))),
    "exempt": ("不计入总量", Q(why=str(Why.VOLUME_EXEMPT))),
    "not_asked": ("尚未回访", Q(why=str(Why.NOT_ASKED_YET))),
    "invalid": ("回访无效", Q(why__in=[str(Why.CALLBACK_INVALID), str(Why.NOT_SAMPLED)])),
}


def cases_of(
    version: Version,
    *,
    unit_ids: Collection[int],
    figure: str = "",
    whys: Collection[Why] = (),
    figures: Figures = FIGURES,
) -> QuerySet[CaseResult]:
    """The cases behind a figure; uses assessment_case_figure. InvalidData for a figure that is none of `figures`.

    Only who may know who did not answer passes more than the common ones (`nonresponse.figures_for`).
    """
    found = CaseResult.objects.filter(version=version, unit_id__in=list(unit_ids))
    if figure:
        if figure not in figures:
            raise InvalidData({"figure": f"没有“{figure}”这个数字"})
        found = found.filter(figures[figure][1])
    return found.filter(why__in=[str(why) for why in whys]) if whys else found
