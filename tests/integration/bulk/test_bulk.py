"""Writing many cases at once leaves the same rows as the desk, one by one."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from huiyin.accounts import sealed
from huiyin.cases import bulk, bulk_indexes, desk, journal, numbers, snapshot
from huiyin.cases.models import Case, CaseEvent, DayCount, OpenCount, Outbox, Requester, RunningClock
from huiyin.domain import case as domain
from huiyin.domain import lifecycle
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Grade, RequestType, Status
from huiyin.registry import directory, rulebook
from tests.builders_city import NOW, STREET, People, statement, street_unit

pytestmark = pytest.mark.usefixtures("city")

# Everything a text may hold that COPY or JSON could trip over.
NASTY = '他说："别管"，\\N 与 \\t 不是空值；\t换了\n两行\r，还有 {"a": 1}'
_BY_ITS_NATURE = {"id", "case_no", "requester_id", "source", "source_no"}


def rows_of(case_id: int) -> dict[str, Any]:
    case = Case.objects.get(pk=case_id)
    requester = Requester.objects.get(pk=case.requester_id)
    return {
        "case": {
            field.attname: getattr(case, field.attname)
            for field in Case._meta.concrete_fields
            if field.attname not in _BY_ITS_NATURE
        },
        "requester": (
            requester.kind,
            sealed.unseal(requester.name_sealed),
            sealed.unseal(requester.phone_sealed),
            requester.phone_print and bytes(requester.phone_print),
            requester.created_at,
        ),
        "events": _values(CaseEvent.objects.filter(case_id=case_id).order_by("seq"), leave={"id", "case_id"}),
        "clocks": _values(RunningClock.objects.filter(case_id=case_id).order_by("kind"), leave={"id", "case_id"}),
    }


def _values(rows: Iterable[Any], leave: set[str]) -> list[dict[str, Any]]:
    names = [field.attname for field in rows.model._meta.concrete_fields if field.attname not in leave]  # type: ignore[attr-defined]
    return [{name: getattr(row, name) for name in names} for row in rows]


def folded(case_id: int) -> domain.Case:
    row = Case.objects.get(pk=case_id)
    blank = domain.Case(
        status=Status.RECEIVED,
        registered_at=row.registered_at,
        last_at=row.registered_at,
        requester_id=row.requester_id,
        request_type=RequestType.OTHER,
        class_code="",
        grade=Grade.NORMAL,
    )
    return domain.fold(blank, [journal.as_event(event) for event in journal.of_case(case_id)])


def stored(case_id: int) -> domain.Case:
    row = Case.objects.get(pk=case_id)
    return snapshot.load(row, row.clocks.all())


def registration(**changes: Any) -> bulk.Registration:
    """The same matter as builders_city.statement."""
    area = directory.area_by_code(STREET)
    assert area is not None
    values = {
        "at": NOW,
        "content": "楼道里的灯坏了三个月了，晚上老人上下楼很危险",
        "name": "王小明",
        "phone": "19900001234",
        "channel": "phone",
        "request_type": "complaint",
        "class_code": "010101",
        "grade": "normal",
        "district_id": area.district_id,
        "street_id": area.id,
        "address": "幸福小区3号楼2单元",
    }
    return bulk.Registration(**(values | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"grade": "critical"},
        {"grade": "complex", "request_type": "suggestion"},
        {"content": NASTY, "title": "标题\\与\t制表", "address": '"一"号\\二'},
        {"confidential": True, "reason": "本人要求保密"},
        {"anonymous": True, "origin_line": "12319 城管热线"},
        {"class_code": ""},
        {"phone": "", "name": ""},
        {"phone": "", "name": "李女士"},
        {"proposal": {"class": [{"code": "010101", "confidence": 0.5, "reasons": ["提到“楼道灯”"]}], "unit": None}},
    ],
    ids=lambda changes: "-".join(changes) or "plain",
)
def test_a_registration_written_in_bulk_equals_the_desks(people: People, changes: dict[str, Any]) -> None:
    said = {name: value for name, value in changes.items() if name not in ("proposal", "name")}
    if "name" in changes:
        said["requester_name"] = changes["name"]
    one_by_one = desk.register(
        actor=people.operator(), data=statement(**said), now=NOW, proposal=changes.get("proposal")
    )
    expected = rows_of(one_by_one.pk)
    Requester.objects.filter(pk=one_by_one.requester_id).update(phone_print=None)  # so that both start from nothing

    (case_id,) = bulk.register([registration(**changes)], actor=people.operator())

    assert rows_of(case_id) == expected
    assert folded(case_id) == stored(case_id)
    number = Case.objects.get(pk=case_id).case_no
    assert number == numbers.case_no(case_id, at=NOW, secret=desk.settings.DATA_KEY)


def test_a_known_number_keeps_its_requester_and_takes_a_later_name(people: People) -> None:
    first = desk.register(actor=people.operator(), data=statement(requester_name=""), now=NOW)

    written = bulk.register(
        [registration(name=""), registration(name="王小明"), registration(phone="19900005678", name="别人")],
        actor=people.operator(),
    )

    rows = [Case.objects.get(pk=case_id) for case_id in written]
    assert [row.requester_id == first.requester_id for row in rows] == [True, True, False]
    assert sealed.unseal(Requester.objects.get(pk=first.requester_id).name_sealed) == "王小明"
    assert Requester.objects.count() == 2


def test_history_is_not_news(people: People) -> None:
    bulk.register([registration()], actor=people.operator())

    assert not Outbox.objects.exists()


def test_the_clock_of_an_imported_case_starts_when_it_arrives(people: People) -> None:
    arrived = NOW + timedelta(days=400)

    (case_id,) = bulk.register([registration()], actor=people.operator(), clocks_from=arrived)

    assert RunningClock.objects.get(case_id=case_id).started_at == arrived
    assert Case.objects.get(pk=case_id).registered_at == NOW
    assert folded(case_id) == stored(case_id)


@pytest.mark.parametrize("unit", [True, False], ids=["with unit", "without"])
@pytest.mark.parametrize("satisfaction", ["satisfied", None])
def test_a_case_closed_elsewhere_has_two_lines_of_history(people: People, unit: bool, satisfaction: str | None) -> None:
    ended = bulk.Closing(
        at=NOW + timedelta(days=3),
        reason="导入：已修复路灯\n并回复市民",
        unit_id=street_unit() if unit else None,
        contacted=satisfaction and True,
        solved=satisfaction and True,
        satisfaction=satisfaction,
    )

    (case_id,) = bulk.register([registration(closing=ended)], actor=people.operator(), clocks_from=NOW)

    row = Case.objects.get(pk=case_id)
    assert (row.status, row.closed_at, row.lead_unit_id) == (Status.CLOSED, ended.at, ended.unit_id)
    assert [event.action for event in journal.of_case(case_id)] == ["register", "close"]
    assert folded(case_id) == stored(case_id)
    assert not RunningClock.objects.exists()


def test_a_life_written_in_bulk_equals_the_desks(people: People) -> None:
    """Register, dispatch, sign, by the same domain functions with and without the desk."""
    unit_id = street_unit()
    steps = [
        (Action.DISPATCH, {"unit_id": unit_id}, people.dispatcher(), NOW + timedelta(minutes=5)),
        (Action.SIGN, {}, people.handler(unit_id), NOW + timedelta(hours=1)),
    ]
    row = desk.register(actor=people.operator(), data=statement(), now=NOW)
    for action, data, actor, at in steps:
        desk.act(row.pk, action, actor=actor, data=data, now=at)
    expected = rows_of(row.pk)
    editions = rulebook.current(NOW)

    def context(actor: domain.Actor, now: Any) -> domain.Context:
        rules = rulebook.rules(editions.limits_id)
        return domain.Context(actor=actor, now=now, rules=rules, is_below=desk.is_below)

    area = directory.area_by_code(STREET)
    assert area is not None
    entered = {
        name: value
        for name, value in statement(district_id=area.district_id).items()
        if name not in ("content", "requester_name", "phone")
    }
    blank = domain.Case(
        status=Status.RECEIVED,
        registered_at=NOW,
        last_at=NOW,
        requester_id=row.requester_id,
        request_type=RequestType.COMPLAINT,
        class_code="010101",
        grade=Grade.NORMAL,
    )
    case, event = lifecycle.register(blank, entered, context(people.operator(), NOW))
    events = [event]
    for action, data, actor, at in steps:
        case, event = lifecycle.decide(case, action, data, context(actor, at))
        events.append(event)
    (case_id,) = bulk.reserve(1)

    bulk.write(
        [
            bulk.Life(
                id=case_id,
                case=case,
                events=tuple(events),
                editions=editions,
                channel="phone",
                title=row.title,
                content=row.content,
            )
        ]
    )

    assert rows_of(case_id) == expected


def test_all_are_written_or_none(people: People) -> None:
    given = [registration(source="x", source_no="1"), registration(source="x", source_no="1")]

    with pytest.raises(Exception, match="case_source_no"):
        bulk.register(given, actor=people.operator())


def test_the_counts_follow(people: People) -> None:
    bulk.register([registration(), registration(at=NOW + timedelta(days=2))], actor=people.operator())

    bulk.recount([NOW.date(), (NOW + timedelta(days=2)).date()], now=NOW + timedelta(days=2))

    assert sorted(DayCount.objects.values_list("day", "received")) == [
        (NOW.date(), 1),
        ((NOW + timedelta(days=2)).date(), 1),
    ]
    assert sum(OpenCount.objects.values_list("open", flat=True)) == 2


def test_indexes_set_aside_come_back_as_they_were() -> None:
    before = _indexes()

    with bulk_indexes.set_aside():
        assert len(_indexes()) < len(before) - 15

    assert _indexes() == before
    assert bulk_indexes.restore() == 0


def test_what_registrations_hardly_touch_stays_while_the_rest_is_built_by_other_hands() -> None:
    before, built = _indexes(), []

    def hands(works: Sequence[Callable[[], None]]) -> None:
        for work in works[1:]:  # the first one is left, as by a hand that died
            work()
            built.append(work)

    with bulk_indexes.set_aside(keep=bulk_indexes.UNMOVED_BY_REGISTRATIONS, hands=hands):
        names = {name for name, _kind, _columns in _indexes()}

    assert names.issuperset(bulk_indexes.UNMOVED_BY_REGISTRATIONS)
    assert "case_source_no" not in names
    assert len(built) >= 5
    assert _indexes() == before


def test_what_a_killed_load_left_aside_is_put_back(people: People) -> None:
    before = _indexes()
    bulk_indexes._park()
    bulk.register([registration()], actor=people.operator())

    assert bulk_indexes.restore() > 10

    assert _indexes() == before


def test_migrating_puts_back_what_a_killed_load_left_aside() -> None:
    bulk_indexes._park()

    call_command("migrate", interactive=False, verbosity=0)

    assert not bulk_indexes.is_set_aside()


def test_every_month_of_events_gets_its_indexes_back() -> None:
    before = _of_months()

    with bulk_indexes.set_aside():
        pass

    assert _of_months() == before
    assert all(count > 3 for count in before.values())


def test_indexes_that_stand_on_the_parent_alone_are_built_on_every_month() -> None:
    before = _of_months()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('case_event_of_case'::regclass)")
        (parents_only,) = cursor.fetchone()
        cursor.execute("DROP INDEX case_event_of_case")
        cursor.execute(parents_only)
    assert _of_months() != before

    bulk_indexes.restore()

    assert _of_months() == before


def _of_months() -> dict[str, int]:
    """Valid indexes of each month's part of the events."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text, (SELECT count(*) FROM pg_index WHERE indrelid = inhrelid AND indisvalid)"
            " FROM pg_inherits WHERE inhparent = 'case_event'::regclass"
        )
        return dict(cursor.fetchall())


def _indexes() -> list[tuple[str, str, str]]:
    """Name, kind and columns; PostgreSQL words the same condition in two ways, so conditions are left out."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT indexname, split_part(indexdef, ' INDEX ', 1), split_part(indexdef, ' WHERE ', 1) FROM pg_indexes"
            " WHERE tablename IN ('hotline_case', 'case_event', 'case_clock')"
            " UNION ALL SELECT conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid::regclass::text IN ('hotline_case', 'case_event', 'case_clock') ORDER BY 1, 2, 3"
        )
        return list(cursor.fetchall())
