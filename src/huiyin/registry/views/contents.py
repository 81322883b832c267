"""What an edition's page shows: its rows, searched and arranged for reading."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone

from huiyin.domain.vocabulary import ClockKind, Grade, RequestType, Span
from huiyin.registry import rulebook
from huiyin.registry.models import CaseClass, CatalogueRule, Edition, EditionKind, Limit, Parameter, Reason, ReasonKind
from huiyin.registry.row_forms import class_names


def contents_of(edition: Edition, given: Mapping[str, str]) -> dict[str, Any]:
    q = given.get("q", "").strip()[:60]
    match EditionKind(edition.kind):
        case EditionKind.TAXONOMY:
            return _taxonomy(edition, q, given.get("branch", "")[:2])
        case EditionKind.CATALOGUE:
            return _catalogue(edition, q)
        case EditionKind.LIMITS:
            return _limits(edition)
        case EditionKind.EVALUATION:
            return {"parameters": Parameter.objects.filter(edition=edition)}
    return {}


def _taxonomy(edition: Edition, q: str, branch: str) -> dict[str, Any]:
    every = CaseClass.objects.filter(edition=edition)
    branches: dict[str, str] = {}
    for code, name in every.order_by("code").values_list("code", "level1"):
        branches.setdefault(code[:2], name)
    rows = every.filter(code__startswith=branch) if branch in branches else every
    if q:
        words = Q(level1__icontains=q) | Q(level2__icontains=q) | Q(level3__icontains=q)
        more = Q(code__startswith=q) | Q(keywords__contains=[q]) | Q(default_department__icontains=q)
        rows = every.filter(words | more | Q(initials__contains=q.lower()))
    elif branch not in branches and branches:
        branch = next(iter(branches))
        rows = every.filter(code__startswith=branch)
    shown = list(rows.order_by("code"))
    for row in shown:
        row.types = "、".join(RequestType(word).label for word in row.request_types)  # type: ignore[attr-defined]
    return {"rows": shown, "branches": branches, "branch": "" if q else branch, "q": q, "total": every.count()}


def _catalogue(edition: Edition, q: str) -> dict[str, Any]:
    names = class_names(rulebook.current(timezone.now()).taxonomy_id)
    rows = list(CatalogueRule.objects.filter(edition=edition).select_related("area", "target_unit"))
    for row in rows:
        row.class_name = names.get(row.class_prefix, "")  # type: ignore[attr-defined]  # for the template
    total = len(rows)
    if q:
        rows = [row for row in rows if q in _searched(row)]
    return {"rows": rows, "q": q, "total": total}


def _searched(row: Any) -> str:
    unit = row.target_unit.name if row.target_unit else ""
    area = row.area.name if row.area else ""
    return " ".join((row.class_prefix, row.class_name, row.word, row.target_name, unit, area, row.note))


def _limits(edition: Edition) -> dict[str, Any]:
    stored = {(row.clock, row.grade): row for row in Limit.objects.filter(edition=edition)}
    clocks = [clock for clock in (*ClockKind, *Span) if any(key[0] == clock.value for key in stored)]
    table = [(clock, [stored.get((clock.value, grade.value)) for grade in Grade]) for clock in clocks]
    reasons = Reason.objects.filter(edition=edition)
    groups = [(kind, [row for row in reasons if row.kind == kind.value]) for kind in ReasonKind]
    return {
        "grades": list(Grade),
        "table": table,
        "parameters": Parameter.objects.filter(edition=edition),
        "reasons": groups,
    }
