"""What a governed street sets out to do: its plan with a target line, its projects with owner, day and evidence."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction

from huiyin.accounts.viewer import Viewer
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.governance import access, wording
from huiyin.governance.models import GovernedStreet, Measure, Step
from huiyin.governance.vocabulary import Move

_LEAST_PLAN = 10
_TITLE, _OWNER = 120, 60
_WHOLE = 9  # digits


class MeasureSettled(DomainError):
    """这个项目刚刚已经办结或取消，请刷新查看。"""

    code = "measure_settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """As written: percentages from 0 to 100, the volume in cases a period; an empty target is none."""

    text: str
    resolution: str = ""
    satisfaction: str = ""
    volume: str = ""


@transaction.atomic
def plan(street_id: int, given: Plan, *, by: Viewer, now: datetime) -> GovernedStreet:
    """治理方案 with its target line. What stood before stays readable among the street's steps."""
    street = GovernedStreet.objects.select_for_update().get(pk=street_id)
    access.require_planner(by, street)
    errors: dict[str, str] = {}
    text = wording.clean(given.text)
    if wrong := wording.fault(text, least=_LEAST_PLAN, most=wording.LONGEST, what="治理方案"):
        errors["plan"] = wrong
    street.target_resolution = _percent("target_resolution", given.resolution, errors)
    street.target_satisfaction = _percent("target_satisfaction", given.satisfaction, errors)
    street.target_volume = whole("target_volume", given.volume, errors)
    if errors:
        raise InvalidData(errors)
    street.plan, street.planned_by, street.planned_at = text, by.name, now
    names = ["plan", "planned_by", "planned_at", "target_resolution", "target_satisfaction", "target_volume"]
    street.save(update_fields=names)
    Step.objects.create(
        street=street,
        move=Move.PLAN,
        reason=f"{text}\n{targets_in_words(street)}".strip(),
        by_id=by.staff_id,
        by_name=by.name,
        at=now,
    )
    return street


def targets_in_words(street: GovernedStreet) -> str:
    named = (
        ("解决率", street.target_resolution, "%"),
        ("满意率", street.target_satisfaction, "%"),
        ("诉求量不超过", street.target_volume, " 件/期"),
    )
    told = [f"{name} {value.normalize():f}{unit}" for name, value, unit in named if isinstance(value, Decimal)]
    told += [f"{name} {value}{unit}" for name, value, unit in named if isinstance(value, int)]
    return f"目标：{'，'.join(told)}" if told else ""


@transaction.atomic
def add_measure(street_id: int, *, title: str, owner: str, due: date | None, by: Viewer, now: datetime) -> Measure:
    """A project, and who answers for it by when."""
    street = GovernedStreet.objects.select_for_update().get(pk=street_id)
    access.require_planner(by, street)
    late = due is None or due < now.astimezone(CITY_ZONE).date()
    wrong = {
        "title": wording.fault(title, least=2, most=_TITLE, what="治理项目"),
        "owner": wording.fault(owner, least=2, most=_OWNER, what="责任单位或责任人"),
        "due": "请选择今天或以后的完成期限" if late else "",
    }
    if errors := {name: words for name, words in wrong.items() if words}:
        raise InvalidData(errors)
    return Measure.objects.create(
        street=street,
        title=wording.clean(title),
        owner=wording.clean(owner),
        due=due,
        written_by=by.name,
        written_at=now,
    )


@transaction.atomic
def finish_measure(measure_id: int, *, evidence: str, by: Viewer, now: datetime) -> Measure:
    """完成, with what shows it."""
    found, words = _settled(measure_id, evidence, by)
    found.done_at, found.done_by, found.evidence = now, by.name, words
    found.save(update_fields=["done_at", "done_by", "evidence"])
    return found


@transaction.atomic
def drop_measure(measure_id: int, *, why: str, by: Viewer, now: datetime) -> Measure:
    """取消, with the reason; it no longer stands in the way of the exit, and stays readable."""
    found, words = _settled(measure_id, why, by)
    found.dropped_at, found.dropped_by, found.dropped_why = now, by.name, words
    found.save(update_fields=["dropped_at", "dropped_by", "dropped_why"])
    return found


def whole(name: str, raw: str, errors: dict[str, str]) -> int | None:
    text = raw.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _WHOLE):
        errors[name] = "请填写整数"
        return None
    return int(text)


def _settled(measure_id: int, words: str, by: Viewer) -> tuple[Measure, str]:
    found = Measure.objects.select_for_update().select_related("street").get(pk=measure_id)
    access.require_planner(by, found.street)
    if not found.is_open:
        raise MeasureSettled
    return found, wording.reason(words, "words")


def _percent(name: str, raw: str, errors: dict[str, str]) -> Decimal | None:
    text = raw.strip().rstrip("%％")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and 0 <= value <= 100):
        errors[name] = "请填写 0 到 100 之间的数"
        return None
    return round(value, 2)
