"""Do the units, areas, classes, people, cases and files that an action names exist, and may the actor name them?"""

from collections.abc import Callable, Mapping
from datetime import datetime

from huiyin.accounts.models import Post
from huiyin.cases.models import Attachment, Case
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.case import Actor
from huiyin.domain.errors import CannotMerge, InvalidData
from huiyin.domain.fields import Field, FieldKind, Values, parse
from huiyin.domain.vocabulary import ActorKind
from huiyin.registry import directory, rulebook


def check(action: Action, data: Mapping[str, object], *, case: Case, actor: Actor, now: datetime) -> Values:
    """The parsed values, all of whose references stand; InvalidData names each field that does not."""
    values = parse(FIELDS[action], data)
    if action is Action.MERGE:
        _check_merge_target(case, values["into_id"])
    errors: dict[str, str] = {}
    for field in FIELDS[action]:
        value = values[field.name]
        if value in (None, ()):
            continue
        wrong = _check_field(field, value, case=case, actor=actor, now=now)
        if wrong:
            errors[field.name] = wrong
    if errors:
        raise InvalidData(errors)
    return values


def check_place(values: Values) -> None:
    """A street lies in its district, a community in its street; the wider area is not asked for when known."""
    street_id, community_id = values.get("street_id"), values.get("community_id")
    if community_id and street_id and directory.area(community_id).parent_id != street_id:
        raise InvalidData({"community_id": "该社区（村）不属于所选街乡镇"})
    district_id = values.get("district_id")
    if street_id and district_id and directory.area(street_id).district_id != district_id:
        raise InvalidData({"street_id": "该街乡镇不属于所选的区"})


def bind_files(attachment_ids: tuple[int, ...], *, case_id: int, seq: int) -> None:
    if attachment_ids:
        Attachment.objects.filter(pk__in=attachment_ids, case__isnull=True).update(case_id=case_id, event_seq=seq)


def check_files(attachment_ids: tuple[int, ...], *, actor: Actor) -> None:
    """Only files that the actor uploaded and that no case has yet."""
    if not attachment_ids:
        return
    uploader = actor.requester_id if actor.kind is ActorKind.CITIZEN else actor.id
    free = Attachment.objects.filter(pk__in=attachment_ids, case__isnull=True, uploader_kind=str(actor.kind))
    if actor.kind is ActorKind.STAFF:
        free = free.filter(uploader_id=uploader)
    if free.count() != len(attachment_ids):
        raise InvalidData({"files": "附件不存在或已用于其他案件，请重新上传"})


def _check_field(field: Field, value: object, *, case: Case, actor: Actor, now: datetime) -> str:
    match field.kind:
        case FieldKind.FILES:
            assert isinstance(value, tuple)
            check_files(value, actor=actor)
            return ""
        case FieldKind.CLASS:
            return "" if value in rulebook.taxonomy(case.taxonomy_edition_id) else "没有这个分类，请从列表中选择"
        case FieldKind.STAFF:
            assert isinstance(value, int)
            units = [unit for unit in (case.lead_unit_id, case.sub_unit_id) if unit]
            here = Post.objects.filter(staff_id=value, unit_id__in=units, staff__is_active=True).exists()
            return "" if here else "承办人须是本单位的在岗人员"
        case FieldKind.UNITS:
            assert isinstance(value, tuple)
            return "" if all(_unit_stands(unit, now) for unit in value) else "没有这个单位或已撤销，请从列表中选择"
    exists = _SINGLE.get(field.kind)
    return "" if exists is None or exists(value, now) else f"没有这个{field.label}，请从列表中选择"


def _unit_stands(unit_id: object, now: datetime) -> bool:
    assert isinstance(unit_id, int)
    unit = directory.units().get(unit_id)
    return unit is not None and directory.is_valid(unit, now.astimezone(CITY_ZONE).date())


def _area_stands(area_id: object, now: datetime) -> bool:
    assert isinstance(area_id, int)
    area = directory.areas().get(area_id)
    return area is not None and directory.is_valid(area, now.astimezone(CITY_ZONE).date())


def _check_merge_target(case: Case, into_id: int) -> None:
    """Locks the other case too, so that it cannot close in between; ids ascending would deadlock less, but two
    cases are merged into each other only by mistake and PostgreSQL then ends one of the two."""
    target = Case.objects.select_for_update().filter(pk=into_id).only("closed_at").first()
    if target is None or target.closed_at is not None or target.pk == case.pk:
        raise CannotMerge(field="into_id")


_SINGLE: Mapping[FieldKind, Callable[[object, datetime], bool]] = {
    FieldKind.UNIT: _unit_stands,
    FieldKind.AREA: _area_stands,
}
