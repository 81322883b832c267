"""Whether an edition can be judged by: what is missing or leads nowhere, in Chinese."""

from collections.abc import Iterator

from huiyin.domain.vocabulary import ClockKind, Grade, Span, UnitKind
from huiyin.registry import directory
from huiyin.registry.models import CaseClass, CatalogueRule, Edition, EditionKind, Limit, Parameter
from huiyin.registry.parameters import PARAMETERS, BadParameter, parse_parameter
from huiyin.registry.scheme import faults_of

# A grade without an extension may not be extended; every other length is needed.
REQUIRED_CLOCKS = (
    ClockKind.DISPATCH,
    ClockKind.SIGN,
    ClockKind.CONTACT,
    ClockKind.HANDLE,
    ClockKind.RULING,
    ClockKind.CALLBACK,
    ClockKind.REVIEW,
    Span.RETURN_WINDOW,
)


def gaps_of(edition: Edition) -> list[str]:
    match EditionKind(edition.kind):
        case EditionKind.TAXONOMY:
            return list(_of_taxonomy(edition))
        case EditionKind.CATALOGUE:
            return list(_of_catalogue(edition))
        case EditionKind.LIMITS:
            return list(_of_limits(edition))
        case EditionKind.EVALUATION:
            return list(_of_evaluation(edition))
    return []


def target_fault(kind: UnitKind, name: str) -> str | None:
    """Why no unit can be found for this kind and name, whatever the place; None if one can."""
    if kind in (UnitKind.STREET, UnitKind.COMMUNITY, UnitKind.HOTLINE):
        return None
    if kind in (UnitKind.DISTRICT_GOV, UnitKind.DISTRICT_BUREAU):
        known = name in ("", "区政府") or any(directory.bureau(d.id, name) for d in directory.districts())
    elif kind == UnitKind.PUBLIC_ENTERPRISE:
        known = any(directory.enterprises(part) for part in name.split("/"))
    else:
        known = directory.municipal(name) is not None
    return None if known else f"没有{kind.label}“{name}”"


def _of_taxonomy(edition: Edition) -> Iterator[str]:
    rows = CaseClass.objects.filter(edition=edition)
    if not rows.exists():
        yield "没有任何分类"
    for code, kind, name in rows.values_list("code", "default_unit_type", "default_department"):
        if fault := target_fault(UnitKind(kind), name):
            yield f"{code} 的默认承办单位：{fault}"


def _of_catalogue(edition: Edition) -> Iterator[str]:
    rows = CatalogueRule.objects.filter(edition=edition)
    if not rows.exists():
        yield "派单目录是空的"
    for row in rows.filter(target_unit=None):
        if fault := target_fault(UnitKind(row.target_kind), row.target_name):
            yield f"规则“{row}”：{fault}"


def _of_evaluation(edition: Edition) -> Iterator[str]:
    values = dict(Parameter.objects.filter(edition=edition).values_list("key", "value"))
    yield from faults_of(values).values()


def _of_limits(edition: Edition) -> Iterator[str]:
    given = set(Limit.objects.filter(edition=edition).values_list("grade", "clock"))
    for grade in Grade:
        for clock in REQUIRED_CLOCKS:
            if (grade.value, clock.value) not in given:
                yield f"缺少{grade.label}的“{clock.label}”时限"
    parameters = dict(Parameter.objects.filter(edition=edition).values_list("key", "value"))
    for key in PARAMETERS:
        try:
            parse_parameter(key, parameters[key])
        except KeyError:
            yield f"缺少参数“{key}”"
        except BadParameter as exc:
            yield f"参数“{key}”{exc}"
