"""People of the preset city as actors, and what a citizen might say: for tests that go through the desk."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import ActorKind, Role
from huiyin.registry import directory

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning in the city
STREET = "110105026"
OTHER_STREET = "110105027"


@dataclass
class People:
    """Actors by role; a unit is named by its area's or its own code."""

    def hotline(self, *roles: Role) -> Actor:
        unit = directory.hotline()
        assert unit is not None
        return Actor(
            kind=ActorKind.STAFF,
            id=1,
            name="热线人员",
            roles=frozenset(roles),
            unit_id=unit.id,
            unit_ids=frozenset({unit.id}),
            whole_city=True,
        )

    def operator(self) -> Actor:
        return self.hotline(Role.OPERATOR)

    def dispatcher(self) -> Actor:
        return self.hotline(Role.DISPATCHER)

    def callback_agent(self) -> Actor:
        return self.hotline(Role.CALLBACK_AGENT)

    def handler(self, unit_id: int) -> Actor:
        return Actor(
            kind=ActorKind.STAFF,
            id=2,
            name="承办人",
            roles=frozenset({Role.HANDLER}),
            unit_id=unit_id,
            unit_ids=directory.subtree_unit_ids(unit_id),
        )


def street_unit(code: str = STREET) -> int:
    area = directory.area_by_code(code)
    assert area is not None
    unit = directory.street_unit(area.id)
    assert unit is not None
    return unit.id


def statement(**changes: object) -> dict[str, object]:
    """What the operator enters; override any field."""
    area = directory.area_by_code(STREET)
    assert area is not None
    return {
        "content": "楼道里的灯坏了三个月了，晚上老人上下楼很危险",
        "requester_name": "王小明",
        "phone": "19900001234",
        "channel": "phone",
        "request_type": "complaint",
        "class_code": "010101",
        "grade": "normal",
        "street_id": area.id,
        "address": "幸福小区3号楼2单元",
        **changes,
    }


def registered(people: People, *, now: datetime = NOW, **changes: object) -> Case:
    return desk.register(actor=people.operator(), data=statement(**changes), now=now)


def dispatched(people: People, *, now: datetime = NOW, unit_id: int | None = None, **changes: object) -> Case:
    case = registered(people, now=now, **changes)
    return desk.act(
        case.pk,
        Action.DISPATCH,
        actor=people.dispatcher(),
        data={"unit_id": unit_id or street_unit()},
        now=now + timedelta(minutes=5),
    )


def replied(people: People, *, now: datetime = NOW, **changes: object) -> Case:
    """Signed, contacted and answered within the first hours."""
    case = dispatched(people, now=now, **changes)
    assert case.lead_unit_id is not None
    handler = people.handler(case.lead_unit_id)
    desk.act(case.pk, Action.SIGN, actor=handler, data={}, now=now + timedelta(minutes=30))
    told_at = now + timedelta(hours=2)
    contact = {"means": "phone", "reached": True, "note": "已电话联系，约定下午上门"}
    desk.act(case.pk, Action.NOTE_CONTACT, actor=handler, data=contact, now=told_at)
    answer = {
        "outcome": "solved",
        "means": "visit",
        "told_at": told_at.isoformat(),
        "result": "物业已更换楼道灯具并逐层检查，现场试亮正常。",
        "evidence": "现场照片与居民签字确认单",
    }
    return desk.act(case.pk, Action.REPLY, actor=handler, data=answer, now=told_at + timedelta(hours=1))
