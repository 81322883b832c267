"""Applications of the demo's units to leave cases out, and their appeals: most decided, some waiting for each desk.

Made up from what the history holds, as rows: the same city gives the same ones. A few units apply far more than others.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from huiyin.accounts.models import Staff
from huiyin.accounts.viewer import read_viewer
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain.actions import Action
from huiyin.domain.exclusions import ExclusionKind, Ruling
from huiyin.domain.vocabulary import Status, UnitKind
from huiyin.evaluation import exclusions
from huiyin.evaluation.models import Appeal, Exclusion, Period, Recheck
from huiyin.ops.models import DemoCheat
from huiyin.registry import directory

_SHARE, _KEEN_SHARE = 0.012, 0.15  # of a unit's cases
_REASONS: Final = (
    ("08", "诉求人来电表示问题已自行解决，撤回诉求，附通话记录。"),
    ("01", "两次到现场核实，未发现诉求所述情况，附现场照片。"),
    ("03", "该事项已由法院受理，附受理通知书。"),
    ("06", "该路段属外省市管辖，附权属证明。"),
    ("04", "上月已依法办结并答复，诉求人以同一事实重复反映。"),
)
_NO = ("佐证不足以证明所述情况。", "不属于所列的剔除情形。")
_OWN, _DISTRICT, _HOTLINE, _OTHER = -11, -12, -13, -14  # people of the units and of the hotline without an account
_DAY = timedelta(days=1)


def past(period: Period) -> int:
    """Decided applications about cases of an ended period; then the sample of those granted is drawn."""
    lasted = Case.objects.filter(
        registered_at__gte=period.begins_at,
        registered_at__lt=period.ends_at - 5 * _DAY,
        disposition="dispatch",
        lead_unit_id__isnull=False,
    )
    keen = _keen()
    rows = lasted.order_by("pk").values_list("pk", "lead_unit_id", "registered_at").iterator()
    shares = ((pk, unit, at, _KEEN_SHARE if unit in keen else _SHARE) for pk, unit, at in rows)
    made = [_decided(pk, unit, at) for pk, unit, at, share in shares if _luck(f"case {pk}") < share]
    Exclusion.objects.bulk_create(made)
    return len(made)


def waiting(now: datetime) -> int:
    """Applications about open cases, at both desks; appeals against bad answers; a sample to look at again."""
    open_cases = Case.objects.filter(status__in=[str(Status.HANDLING), str(Status.SIGNED)], lead_unit_id__isnull=False)
    ids = set(Exclusion.objects.values_list("case_id", flat=True))
    chosen = [one for one in open_cases.order_by("-registered_at")[:600] if one.pk not in ids]
    mine = [one for one in chosen if one.district_id == _persona_district()][:4]
    made = [_asked(one, now, previewed=False) for one in mine]
    made += [_asked(one, now, previewed=True) for one in [one for one in chosen if one not in mine][:6]]
    Exclusion.objects.bulk_create(made)
    Appeal.objects.bulk_create(_appeals(now))
    return len(made)


def draw(period: Period, *, now: datetime) -> None:
    """The re-check of the last closed period, its first cases looked at; a small city may have none."""
    if not exclusions.not_in_a_draw(period):
        return
    by = read_viewer(Staff.objects.get(username="kaoping"))
    drawn = exclusions.draw_rechecks(period, by=by, now=now)
    for one in drawn[: len(drawn) // 2]:
        one.upheld, one.reason = True, "佐证齐全，维持。"
        one.checked_by_id, one.checked_by, one.checked_at = _OTHER, "冯复核", now
    Recheck.objects.bulk_update(drawn, ["upheld", "reason", "checked_by_id", "checked_by", "checked_at"])


def _decided(case_id: int, unit_id: int, registered_at: datetime) -> Exclusion:
    made = _application(case_id, unit_id, registered_at + _DAY)
    if made.district_id is not None:
        _previewed(made, registered_at + 2 * _DAY)
    granted = _luck(f"ruling {case_id}") < 0.7
    made.ruling = str(Ruling.GRANTED if granted else Ruling.DENIED)
    made.ruled_by_id, made.ruled_by, made.ruled_at = _HOTLINE, "郑立言", registered_at + 3 * _DAY
    made.ruling_reason = "理由充分，佐证齐全，符合剔除情形。" if granted else _NO[case_id % 2]
    return made


def _asked(case: Case, now: datetime, *, previewed: bool) -> Exclusion:
    assert case.lead_unit_id is not None
    made = _application(case.pk, case.lead_unit_id, max(case.registered_at, now - _DAY) + timedelta(minutes=40))
    if made.district_id is None or previewed:
        made.ruling = str(Ruling.PREVIEWED)
        if made.district_id is not None:
            _previewed(made, made.applied_at + timedelta(minutes=90))
    return made


def _application(case_id: int, unit_id: int, at: datetime) -> Exclusion:
    code, grounds = _REASONS[case_id % len(_REASONS)]
    unit = directory.unit(unit_id)
    inside = unit.kind in (UnitKind.STREET, UnitKind.COMMUNITY, UnitKind.DISTRICT_BUREAU)
    exempt = _luck(f"kind {case_id}") < 0.1
    return Exclusion(
        case_id=case_id,
        unit_id=unit_id,
        district_id=unit.district_id if inside else None,
        kind=str(ExclusionKind.VOLUME_EXEMPT if exempt else ExclusionKind.EXCLUSION),
        reason_code=code,
        grounds=grounds,
        ruling=str(Ruling.APPLIED if inside else Ruling.PREVIEWED),
        applied_by_id=_OWN,
        applied_by=f"{unit.short_name}承办人",
        applied_at=at,
    )


def _previewed(made: Exclusion, at: datetime) -> None:
    made.ruling = str(Ruling.PREVIEWED)
    made.preview_supports, made.preview_reason = True, "情况属实，予以支持。"
    made.previewed_by_id, made.previewed_by, made.previewed_at = _DISTRICT, "区热线办", at


def _appeals(now: datetime) -> Iterable[Appeal]:
    """Against bad answers of the last days; the older half is ruled on."""
    bad = Case.objects.filter(satisfaction="unsatisfied", callback_valid=True, lead_unit_id__isnull=False)
    cases = {case.pk: case for case in bad.order_by("-last_at")[:12]}
    answers: dict[int, CaseEvent] = {}
    asked = CaseEvent.objects.filter(case_id__in=list(cases), action=str(Action.RECORD_CALLBACK)).order_by("seq")
    for event in asked:
        answers[event.case_id] = event
    for number, (case_id, event) in enumerate(answers.items()):
        case: Any = cases[case_id]
        filed_at = min(event.at + timedelta(hours=3), now)
        made = Appeal(
            case_id=case_id,
            unit_id=case.lead_unit_id,
            grounds="我单位已在时限内联系诉求人并解决问题，附通话记录和现场照片。",
            filed_by_id=_OWN,
            filed_by=f"{directory.unit(case.lead_unit_id).short_name}负责人",
            filed_at=filed_at,
            first_agent_id=event.actor_id if event.actor_kind == "staff" else None,
        )
        if number % 2:
            made.upheld, made.ruled_by_id, made.ruled_by, made.ruled_at = number % 4 == 1, _OTHER, "冯复访", now
            made.reason = "复访诉求人，确认原结果有误。" if made.upheld else "复访诉求人，确认原结果无误。"
            if made.upheld:
                made.contacted, made.satisfaction = True, "basically_satisfied"
                made.solved = None if case.solved is None else True
        yield made


def _keen() -> frozenset[int]:
    """The units that cheat by exclusion."""
    return frozenset(DemoCheat.objects.filter(kinds__contains=["excluded"]).values_list("unit_id", flat=True))


def _persona_district() -> int | None:
    viewer = read_viewer(Staff.objects.get(username="qu"))
    return viewer.district_id


def _luck(what: str) -> float:
    """0 to 1, the same for the same words."""
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:6]) / 2**48
