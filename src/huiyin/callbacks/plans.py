"""Dated plans of which callbacks are made: without one all are; the newest plan that holds for a unit decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from huiyin.accounts.viewer import Viewer
from huiyin.callbacks.models import Plan
from huiyin.callbacks.vocabulary import Scope, Stratum
from huiyin.cases.models import Case
from huiyin.domain import periods
from huiyin.domain.errors import DomainError, InvalidData, NotPermitted
from huiyin.domain.periods import PeriodRule
from huiyin.domain.sampling import SampleRule
from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.registry import directory, rulebook

READERS = (Role.EVALUATOR, Role.CALLBACK_AGENT, Role.AUDITOR, Role.ANALYST, Role.LEADER)
_REASON_CHARS = 400
_LEAST_REASON = 2


class PlanBegun(DomainError):
    """这项设置已经生效，不能撤回；请新增一项从以后的日期起改变它。"""

    code = "plan_begun"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The plans that have begun by a moment, the newest first."""

    plans: Sequence[Plan]

    def plan_for(self, unit_id: int | None) -> Plan | None:
        """The sampling plan that decides for a unit; None where all its citizens are called."""
        found = next((plan for plan in self.plans if covers(plan, unit_id)), None)
        return found if found is not None and found.half_width is not None else None

    def __bool__(self) -> bool:
        return any(plan.half_width is not None for plan in self.plans)


def book_at(moment: datetime) -> Book:
    """One query; a city has a handful of plans."""
    begun = Plan.objects.filter(effective_from__lte=moment, withdrawn_at__isnull=True)
    return Book(plans=list(begun.order_by("-effective_from", "-pk")))


def history() -> list[Plan]:
    """Every plan ever entered, withdrawn ones too, the latest to take effect first."""
    return list(Plan.objects.order_by("-effective_from", "-pk")[:200])


def may_read(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(*READERS)


def may_edit(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(Role.EVALUATOR)


@transaction.atomic
def enter(
    *,
    on: date,
    scope: Scope,
    value: str = "",
    rule: SampleRule | None,
    stratum: Stratum = Stratum.GRADE,
    reason: str,
    by: Viewer,
    now: datetime,
) -> Plan:
    """From the statistical day `on`, which must not have begun. Without a rule all are called again."""
    if not may_edit(by):
        raise NotPermitted("由热线中心的考评员设置抽样回访")
    begins, _ = periods.day_bounds(on, period_rule(now))
    faults = {
        "on": "" if begins > now else "应从尚未开始的统计日起（统计日从前一日中午开始）",
        "value": "" if _names_somebody(scope, value) else "请选择适用的区、单位类别或单位",
        "reason": "" if _LEAST_REASON <= len(reason.strip()) <= _REASON_CHARS else "请写明理由",
    }
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise InvalidData(found)
    return Plan.objects.create(
        effective_from=begins,
        scope=scope,
        scope_value="" if scope is Scope.CITY else value,
        half_width=rule.half_width if rule else None,
        confidence=rule.confidence if rule else None,
        floor=rule.floor if rule else None,
        stratum=stratum,
        reason=reason.strip(),
        made_at=now,
        made_by_id=by.staff_id,
        made_by=by.name,
    )


@transaction.atomic
def withdraw(plan_id: int, *, by: Viewer, now: datetime) -> Plan:
    """Before it takes effect; afterwards only another plan can change what holds."""
    if not may_edit(by):
        raise NotPermitted("由热线中心的考评员设置抽样回访")
    plan = Plan.objects.select_for_update().get(pk=plan_id)
    if plan.withdrawn_at is not None or plan.effective_from <= now:
        raise PlanBegun
    plan.withdrawn_at, plan.withdrawn_by_id, plan.withdrawn_by = now, by.staff_id, by.name
    plan.save(update_fields=["withdrawn_at", "withdrawn_by_id", "withdrawn_by"])
    return plan


def rule_of(plan: Plan) -> SampleRule:
    assert plan.half_width is not None
    assert plan.confidence is not None
    assert plan.floor is not None
    return SampleRule(half_width=plan.half_width, confidence=plan.confidence, floor=plan.floor)


def rule_from(half_width: Decimal, confidence: Decimal, floor: int) -> SampleRule:
    return SampleRule(half_width=half_width, confidence=confidence, floor=floor)


def covers(plan: Plan, unit_id: int | None) -> bool:
    unit = directory.find_unit(unit_id)
    if unit is None:
        return False
    if plan.scope == Scope.DISTRICT:
        area = directory.find_area(unit.district_id)
        return area is not None and area.code == plan.scope_value
    if plan.scope == Scope.KIND:
        return str(unit.kind) == plan.scope_value
    if plan.scope == Scope.UNIT:
        named = directory.unit_by_code(plan.scope_value)
        return named is not None and unit.id in directory.subtree_unit_ids(named.id)
    return True


def scope_in_words(plan: Plan) -> str:
    if plan.scope == Scope.DISTRICT:
        area = directory.area_by_code(plan.scope_value)
        return area.short_name if area else plan.scope_value
    if plan.scope == Scope.KIND:
        return UnitKind(plan.scope_value).label
    if plan.scope == Scope.UNIT:
        unit = directory.unit_by_code(plan.scope_value)
        return unit.short_name if unit else plan.scope_value
    return Scope.CITY.label


def stratum_of(case: Case, plan: Plan) -> str:
    kinds = {Stratum.GRADE: case.grade, Stratum.REQUEST_TYPE: case.request_type, Stratum.BRANCH: case.class_code[:2]}
    return kinds.get(Stratum(plan.stratum), "")


def period_rule(at: datetime) -> PeriodRule:
    """When statistical days turn and periods begin, by the evaluation scheme in force."""
    return rulebook.evaluation(at)[1].periods


def _names_somebody(scope: Scope, value: str) -> bool:
    if scope is Scope.DISTRICT:
        return value in {area.code for area in directory.districts()}
    if scope is Scope.KIND:
        return value in {str(kind) for kind in UnitKind}
    return scope is Scope.CITY or directory.unit_by_code(value) is not None
