"""The rules in force at a moment, and each edition's contents as plain values, read once a process."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.domain.calendar import WorkCalendar
from huiyin.domain.dispatch import CatalogueRow, ClassDefault, in_order
from huiyin.domain.errors import DomainError
from huiyin.domain.rules import Duration, DurationUnit, Rules
from huiyin.domain.schemes import EvaluationRules, rules_from
from huiyin.domain.vocabulary import ClockKind, Grade, RequestType, Span, UnitKind
from huiyin.registry.models import (
    CalendarDay,
    CaseClass,
    CatalogueRule,
    Edition,
    EditionKind,
    Limit,
    Parameter,
    Reason,
    ReasonKind,
)
from huiyin.registry.parameters import parse_parameter
from huiyin.registry.revision import PerRevision


class NoEdition(DomainError, LookupError):
    """还没有任何已发布的规则版本，请先载入预置数据：huiyin preset load beijing。"""

    code = "no_edition"


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The editions that a case registered at this moment is judged by."""

    taxonomy_id: int
    catalogue_id: int
    limits_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassInfo:
    code: str
    level1: str
    level2: str
    level3: str
    request_types: tuple[RequestType, ...]
    default_unit_type: UnitKind
    default_department: str
    urgency: Grade
    dimension: str
    keywords: tuple[str, ...]
    pinyin: str
    initials: str

    @property
    def name(self) -> str:
        return self.level3

    @property
    def path(self) -> str:
        return f"{self.level1}/{self.level2}/{self.level3}"

    @property
    def default(self) -> ClassDefault:
        return ClassDefault(unit_kind=self.default_unit_type, department=self.default_department, label=self.level3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonInfo:
    code: str
    label: str
    parent: str


Taxonomy = Mapping[str, ClassInfo]


def current(at: datetime) -> InForce:
    """The editions in force at a moment; before the first edition, the first."""
    lines = _timelines()
    return InForce(
        taxonomy_id=_at(lines, EditionKind.TAXONOMY, at),
        catalogue_id=_at(lines, EditionKind.CATALOGUE, at),
        limits_id=_at(lines, EditionKind.LIMITS, at),
    )


def rules(edition_id: int) -> Rules:
    """The limits and parameters of an edition, counted on the calendar as it is known today."""
    return _held(_rules(), edition_id, _read_rules)


def taxonomy(edition_id: int) -> Taxonomy:
    return _held(_taxonomies(), edition_id, _read_taxonomy)


def in_force(kind: EditionKind, at: datetime) -> int:
    """The edition of one kind that is in force at a moment; before the first, the first."""
    return _at(_timelines(), kind, at)


def evaluation(at: datetime) -> tuple[int, EvaluationRules]:
    """The evaluation scheme in force at a moment, with the number of its edition."""
    edition_id = in_force(EditionKind.EVALUATION, at)
    return edition_id, evaluation_rules(edition_id)


def evaluation_rules(edition_id: int) -> EvaluationRules:
    return _held(_schemes(), edition_id, _read_scheme)


def sisters(edition_id: int, class_code: str) -> frozenset[str]:
    """The other classes of the same level-2 branch."""
    families = _held(_families(), edition_id, _read_families)
    return families.get(class_code[:_BRANCH], frozenset()) - {class_code}


def catalogue(edition_id: int) -> tuple[CatalogueRow, ...]:
    """The rules of a dispatch catalogue in the order in which they are tried."""
    return _held(_catalogues(), edition_id, _read_catalogue)


def catalogue_for(edition_id: int, class_code: str) -> tuple[CatalogueRow, ...]:
    """The rules that can hold for a class, in the same order: a few of hundreds."""
    known = _catalogues_for()
    key = (edition_id, class_code)
    if key not in known:
        known[key] = tuple(row for row in catalogue(edition_id) if class_code.startswith(row.class_prefix))
    return known[key]


def reasons(kind: ReasonKind | str, edition_id: int | None = None) -> tuple[ReasonInfo, ...]:
    """The reasons to choose from, of an edition of limits (none given: of the latest in force)."""
    if edition_id is None:
        from django.utils import timezone  # the one convenience that needs the clock

        edition_id = current(timezone.now()).limits_id
    return _held(_reasons(), edition_id, _read_reasons).get(ReasonKind(kind), ())


def calendar() -> WorkCalendar:
    return _calendar()


def _held(cache: dict[int, Any], edition_id: int, read: Any) -> Any:
    if edition_id not in cache:
        cache[edition_id] = read(edition_id)
    return cache[edition_id]


def _at(lines: Mapping[EditionKind, list[tuple[datetime, int]]], kind: EditionKind, at: datetime) -> int:
    line = lines.get(kind)
    if not line:
        raise NoEdition
    found = bisect_right(line, at, key=lambda edition: edition[0])
    return line[max(found - 1, 0)][1]


@PerRevision
def _timelines() -> Mapping[EditionKind, list[tuple[datetime, int]]]:
    """Published editions of each kind by the moment from which they hold."""
    lines: dict[EditionKind, list[tuple[datetime, int]]] = {}
    published = Edition.objects.filter(published_at__isnull=False).order_by("effective_from", "number")
    for kind, effective_from, edition_id in published.values_list("kind", "effective_from", "id"):
        lines.setdefault(EditionKind(kind), []).append((effective_from, edition_id))
    return lines


@PerRevision
def _calendar() -> WorkCalendar:
    return WorkCalendar(exceptions=dict(CalendarDay.objects.values_list("day", "worked")))


@PerRevision
def _rules() -> dict[int, Rules]:
    return {}


@PerRevision
def _schemes() -> dict[int, EvaluationRules]:
    return {}


@PerRevision
def _taxonomies() -> dict[int, Taxonomy]:
    return {}


@PerRevision
def _families() -> dict[int, Mapping[str, frozenset[str]]]:
    return {}


@PerRevision
def _catalogues() -> dict[int, tuple[CatalogueRow, ...]]:
    return {}


@PerRevision
def _catalogues_for() -> dict[tuple[int, str], tuple[CatalogueRow, ...]]:
    return {}


@PerRevision
def _reasons() -> dict[int, Mapping[ReasonKind, tuple[ReasonInfo, ...]]]:
    return {}


_BRANCH = 4  # characters of a class code that name its level-2 branch


def _read_families(edition_id: int) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for code in taxonomy(edition_id):
        found[code[:_BRANCH]].add(code)
    return {branch: frozenset(codes) for branch, codes in found.items()}


def _clock(word: str) -> ClockKind | Span:
    return Span(word) if word in {span.value for span in Span} else ClockKind(word)


def _read_rules(edition_id: int) -> Rules:
    limits = {
        (Grade(grade), _clock(clock)): Duration(amount=amount, unit=DurationUnit(unit))
        for grade, clock, amount, unit in Limit.objects.filter(edition_id=edition_id).values_list(
            "grade", "clock", "amount", "unit"
        )
    }
    parameters = Parameter.objects.filter(edition_id=edition_id).values_list("key", "value")
    values = {key: parse_parameter(key, value) for key, value in parameters}
    return Rules(edition_id=edition_id, limits=limits, calendar=_calendar(), **values)


def _read_scheme(edition_id: int) -> EvaluationRules:
    edition = Edition.objects.get(pk=edition_id)
    values = dict(Parameter.objects.filter(edition_id=edition_id).values_list("key", "value"))
    return rules_from(str(edition), values)


def _read_taxonomy(edition_id: int) -> Taxonomy:
    return {
        row.code: ClassInfo(
            code=row.code,
            level1=row.level1,
            level2=row.level2,
            level3=row.level3,
            request_types=tuple(RequestType(word) for word in row.request_types),
            default_unit_type=UnitKind(row.default_unit_type),
            default_department=row.default_department,
            urgency=Grade(row.urgency),
            dimension=row.dimension,
            keywords=tuple(row.keywords),
            pinyin=row.pinyin,
            initials=row.initials,
        )
        for row in CaseClass.objects.filter(edition_id=edition_id).order_by("code")
    }


def _read_catalogue(edition_id: int) -> tuple[CatalogueRow, ...]:
    return tuple(
        in_order(
            CatalogueRow(
                priority=row.priority,
                class_prefix=row.class_prefix,
                area_id=row.area_id,
                request_type=RequestType(row.request_type) if row.request_type else None,
                words=tuple(word for word in row.word.split("|") if word),
                target_kind=UnitKind(row.target_kind),
                target_name=row.target_name,
                target_unit_id=row.target_unit_id,
                note=row.note,
            )
            for row in CatalogueRule.objects.filter(edition_id=edition_id).order_by("id")
        )
    )


def _read_reasons(edition_id: int) -> Mapping[ReasonKind, tuple[ReasonInfo, ...]]:
    found: dict[ReasonKind, list[ReasonInfo]] = {}
    for row in Reason.objects.filter(edition_id=edition_id).order_by("id"):
        found.setdefault(ReasonKind(row.kind), []).append(ReasonInfo(code=row.code, label=row.label, parent=row.parent))
    return {kind: tuple(rows) for kind, rows in found.items()}
