"""Applications to leave a case out (剔除, 不计入总量): applied, pre-reviewed, ruled, re-checked, each by another."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from huiyin.accounts.viewer import Viewer
from huiyin.cases import references
from huiyin.cases.models import Case
from huiyin.domain import exclusions as rules
from huiyin.domain.errors import InvalidData, NotPermitted
from huiyin.domain.exclusions import AlreadyAsked, ExclusionKind, Ruling
from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.evaluation import periods, telling
from huiyin.evaluation.models import Exclusion, Period, Recheck, RecheckDraw
from huiyin.registry import directory, rulebook
from huiyin.registry.models import ReasonKind

_BESIDE = 0  # evidence belongs to no event of the case
UNIT_ROLES = frozenset({Role.HANDLER, Role.UNIT_HEAD})


@transaction.atomic
def apply(
    case_id: int,
    *,
    kind: ExclusionKind,
    reason_code: str,
    grounds: str,
    platform: str = "",
    files: Sequence[int] = (),
    by: Viewer,
    now: datetime,
) -> Exclusion:
    """By the lead unit, before the citizen has judged; the case's row is locked, so two cannot apply at once."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if not by.has(*UNIT_ROLES) or case.lead_unit_id != by.unit_id:
        raise NotPermitted("只有主办单位可以申请剔除")
    known = {reason.code: reason.label for reason in rulebook.reasons(ReasonKind.EXCLUSION)}
    if reason_code not in known:
        raise InvalidData({"reason_code": "请选择剔除理由"})
    before = [Ruling(one) for one in Exclusion.objects.filter(case_id=case_id).values_list("ruling", flat=True)]
    rules.check_application(judged=was_asked(case), before=before)
    words = rules.reason_given(grounds, "grounds")
    references.check_files(tuple(files), actor=by.actor())
    district_id = _reviewing_district(by)
    try:
        with transaction.atomic():
            made = Exclusion.objects.create(
                case_id=case_id,
                unit_id=case.lead_unit_id,
                district_id=district_id,
                kind=kind,
                reason_code=reason_code,
                platform=platform.strip()[:80],
                grounds=words,
                attachment_ids=list(files),
                ruling=rules.first_ruling(has_district=district_id is not None),
                applied_by_id=by.staff_id,
                applied_by=by.name,
                applied_at=now,
            )
    except IntegrityError as exc:
        raise AlreadyAsked from exc
    references.bind_files(tuple(files), case_id=case_id, seq=_BESIDE)
    return made


@transaction.atomic
def preview(exclusion_id: int, *, supports: bool, reason: str, by: Viewer, now: datetime) -> Exclusion:
    """The district government's look: does it support the application?"""
    found = _locked(exclusion_id)
    if not may_preview(by, found):
        raise NotPermitted("由该单位所属的区政府预审")
    after = rules.previewed(Ruling(found.ruling), supports=supports)
    rules.check_reviewer(by.staff_id, [found.applied_by_id])
    found.ruling, found.preview_supports = after, supports
    found.previewed_by_id, found.previewed_by, found.previewed_at = by.staff_id, by.name, now
    found.preview_reason = rules.reason_given(reason)
    found.save()
    if after is Ruling.DENIED:
        telling.tell_unit(found, f"剔除申请未获区级支持：{found.preview_reason}", now=now)
    return found


@transaction.atomic
def rule(exclusion_id: int, *, grant: bool, reason: str, by: Viewer, now: datetime) -> Exclusion:
    """The hotline's ruling; the reason is shown to the unit."""
    found = _locked(exclusion_id)
    if not may_rule(by):
        raise NotPermitted("由热线考评员审核")
    after = rules.ruled(Ruling(found.ruling), grant=grant)
    rules.check_reviewer(by.staff_id, [found.applied_by_id, found.previewed_by_id])
    found.ruling = after
    found.ruled_by_id, found.ruled_by, found.ruled_at = by.staff_id, by.name, now
    found.ruling_reason = rules.reason_given(reason)
    found.save()
    telling.tell_unit(found, f"剔除申请{after.label}：{found.ruling_reason}", now=now)
    return found


@transaction.atomic
def draw_rechecks(period: Period, *, by: Viewer, now: datetime) -> list[Recheck]:
    """A share of what was granted for the period's cases since the last draw; each is in one draw only.

    Seed and candidates are kept and shown, so that anybody can draw again.
    """
    if not may_rule(by):
        raise NotPermitted("由热线考评员抽取")
    Period.objects.select_for_update().get(pk=period.pk)
    fresh = not_in_a_draw(period)
    rules.check_draw(now=now, period_ends_at=period.ends_at, fresh=len(fresh))
    _, scheme = periods.rules_at(period.begins_at)
    seed = secrets.token_hex(16)
    order = sorted(fresh, key=lambda one: drawn_place(seed, one.pk))
    size = rules.sample_size(len(order), float(scheme.review.recheck_share))
    ids = sorted(one.pk for one in fresh)
    RecheckDraw.objects.create(period=period, seed=seed, exclusion_ids=ids, drawn_at=now, drawn_by=by.name)
    return Recheck.objects.bulk_create(Recheck(exclusion=one, drawn_at=now, seed=seed) for one in order[:size])


@transaction.atomic
def recheck(recheck_id: int, *, upheld: bool, reason: str, by: Viewer, now: datetime) -> Recheck:
    """A person who has had no part in it looks again; what does not hold is revoked from now on."""
    found = Recheck.objects.select_for_update(of=("self",)).select_related("exclusion").get(pk=recheck_id)
    exclusion = _locked(found.exclusion_id)
    if not may_rule(by):
        raise NotPermitted("由热线考评员复核")
    if found.checked_at is not None:
        raise rules.AlreadyRuled
    after = rules.rechecked(Ruling(exclusion.ruling), upheld=upheld)
    rules.check_reviewer(by.staff_id, [exclusion.applied_by_id, exclusion.previewed_by_id, exclusion.ruled_by_id])
    found.upheld, found.reason = upheld, rules.reason_given(reason)
    found.checked_by_id, found.checked_by, found.checked_at = by.staff_id, by.name, now
    found.save()
    if after is Ruling.REVOKED:
        exclusion.ruling, exclusion.revoked_at = after, now
        exclusion.save(update_fields=["ruling", "revoked_at"])
        telling.tell_unit(exclusion, f"抽样复核撤销剔除：{found.reason}", now=now)
    return found


def granted_in(period: Period) -> list[Exclusion]:
    """Granted exclusions of cases that were registered in the period."""
    granted = Exclusion.objects.filter(ruling=str(Ruling.GRANTED), case_id__in=cases_of(period))
    return list(granted.select_related("recheck"))


def not_in_a_draw(period: Period) -> list[Exclusion]:
    """Granted ones that no draw of the period has had among its candidates."""
    before = {one for draw in draws_of(period) for one in draw.exclusion_ids}
    return [one for one in granted_in(period) if one.pk not in before]


def draws_of(period: Period) -> list[RecheckDraw]:
    """The oldest first."""
    return list(RecheckDraw.objects.filter(period=period).order_by("drawn_at", "id"))


def cases_of(period: Period) -> QuerySet[Case, dict[str, Any]]:
    """Ids of the cases registered in the period, for a subquery."""
    return Case.objects.filter(registered_at__gte=period.begins_at, registered_at__lt=period.ends_at).values("id")


def drawn_place(seed: str, exclusion_id: int) -> str:
    """Where a case stands in the draw: HMAC-SHA-256 of its number under the seed, in order of the digits."""
    return hmac.new(seed.encode(), str(exclusion_id).encode(), hashlib.sha256).hexdigest()


def was_asked(case: Case) -> bool:
    """An answer at any time, though the case is handled again since, or a callback that ended without one now."""
    return case.judged or case.callback_valid is not None


def may_preview(viewer: Viewer, exclusion: Exclusion) -> bool:
    return (
        viewer.has(*UNIT_ROLES)
        and viewer.unit_kind == UnitKind.DISTRICT_GOV
        and exclusion.district_id is not None
        and viewer.district_id == exclusion.district_id
    )


def may_rule(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(Role.EVALUATOR)


def _reviewing_district(by: Viewer) -> int | None:
    """The district that looks first: none above departments, companies, and a district's own government."""
    unit = directory.find_unit(by.unit_id)
    if unit is None or unit.district_id is None:
        return None
    inside = unit.kind in (UnitKind.STREET, UnitKind.COMMUNITY, UnitKind.DISTRICT_BUREAU)
    return unit.district_id if inside and directory.district_unit(unit.district_id) else None


def _locked(exclusion_id: int) -> Exclusion:
    return Exclusion.objects.select_for_update().get(pk=exclusion_id)
