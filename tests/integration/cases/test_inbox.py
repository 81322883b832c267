"""The unit's desk: what is due first, tabs that count what they show, the same cost at 5 and at 50 rows."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.cases import desk, rollups
from huiyin.cases.inboxes import Desk, Tab, Wanted
from huiyin.cases.models import Case, Notice, OpenCount
from huiyin.cases.subscriptions import deliver
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Light, Role, Status
from huiyin.registry import directory
from tests.builders_city import OTHER_STREET, STREET, People, dispatched, street_unit

pytestmark = pytest.mark.usefixtures("city")
DESK = "/cases/desk/"
HTMX = {"HX-Request": "true"}


def community_unit() -> int:
    area = directory.area_by_code(STREET)
    assert area is not None
    unit = directory.area_unit(directory.communities(area.id)[0].id)
    assert unit is not None
    return unit.id


def at_unit(people: People, hours_ago: float, **changes: object) -> Case:
    return dispatched(people, now=timezone.now() - timedelta(hours=hours_ago), **changes)


def act(case: Case, people: People, action: Action, at: datetime | None = None, **data: object) -> Case:
    actor = people.handler(street_unit())
    return desk.act(case.pk, action, actor=actor, data=data, now=at or timezone.now())


def worked_on(case: Case, people: People, *, since: float) -> None:
    """Signed and the citizen called in time: only the handling limit still runs."""
    at = timezone.now() - timedelta(hours=since)
    act(case, people, Action.SIGN, at)
    act(case, people, Action.NOTE_CONTACT, at, means="phone", reached=True, note="已电话联系")


def numbers_on(answer: object) -> list[str]:
    return [row.case.case_no for row in answer.context["rows"]]  # type: ignore[attr-defined]


def test_what_is_due_first_stands_first(handler: Client, people: People) -> None:
    late = at_unit(people, 1, grade="normal")
    soon = at_unit(people, 1, grade="critical")
    over = at_unit(people, 200, grade="normal")

    assert numbers_on(handler.get(DESK)) == [over.case_no, soon.case_no, late.case_no]


def test_only_the_own_unit_s_open_cases_are_there(handler: Client, people: People) -> None:
    mine = at_unit(people, 1)
    at_unit(people, 1, unit_id=street_unit(OTHER_STREET))
    gone = at_unit(people, 1)
    desk.act(gone.pk, Action.CANCEL, actor=people.operator(), data={"reason": "误登记"}, now=timezone.now())

    assert numbers_on(handler.get(DESK)) == [mine.case_no]


def test_a_second_level_unit_has_what_was_handed_down_to_it(sign_in: Callable[..., Client], people: People) -> None:
    case = at_unit(people, 1)
    act(case, people, Action.SIGN)
    act(case, people, Action.HAND_DOWN, unit_id=community_unit())

    assert numbers_on(sign_in(community_unit(), Role.HANDLER).get(DESK)) == [case.case_no]


def test_a_unit_that_leads_and_is_second_level_reads_both_in_one_order(
    sign_in: Callable[..., Client], people: People
) -> None:
    community = community_unit()
    handed = at_unit(people, 3)
    act(handed, people, Action.SIGN)
    act(handed, people, Action.HAND_DOWN, unit_id=community)
    first, last = at_unit(people, 5, unit_id=community), at_unit(people, 1, unit_id=community)
    viewer = sign_in(community, Role.HANDLER).staff.viewer  # type: ignore[attr-defined]
    here = Desk(viewer=viewer, now=timezone.now())

    one = here.page(Wanted(), size=2)
    two = here.page(Wanted(), cursor=one.next, size=2)
    back = here.page(Wanted(), cursor=two.previous, size=2)

    assert [case.pk for case in (*one.rows, *two.rows)] == [first.pk, handed.pk, last.pk]
    assert [case.pk for case in back.rows] == [first.pk, handed.pk]
    assert two.next == ""


def test_every_tab_counts_what_it_shows(handler: Client, people: People) -> None:
    at_unit(people, 1)
    worked_on(at_unit(people, 160), people, since=159)  # yellow: the limit is seven days
    at_unit(people, 200)
    act(at_unit(people, 1), people, Action.SIGN)
    told = timezone.now() - timedelta(minutes=10)
    answered = at_unit(people, 1)
    act(answered, people, Action.SIGN)
    result = "物业已更换楼道灯具，现场试亮正常。"
    given = {"outcome": "solved", "means": "phone", "told_at": told.isoformat(), "result": result, "evidence": "照片"}
    act(answered, people, Action.REPLY, **given)
    returning = at_unit(people, 1)
    act(returning, people, Action.REQUEST_RETURN, reason="点位不在本单位辖区", basis="该地址属于相邻街道")

    counts = {}
    for tab in Tab:
        answer = handler.get(DESK, {"tab": str(tab)})
        counts[tab] = len(numbers_on(answer))
        assert {known: count for known, count, _ in answer.context["tabs"]}[tab] == counts[tab]

    assert counts == {
        Tab.UNSIGNED: 2,
        Tab.WORKING: 2,
        Tab.NEAR_DUE: 1,
        Tab.OVERDUE: 1,
        Tab.REPLIED: 1,
        Tab.SUSPENDED: 0,
        Tab.RETURNING: 1,
        Tab.ALL: 6,
    }


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"grade": "urgent"}, {"urgent"}),
        ({"class": "02"}, {"other class"}),
        ({"q": "停车"}, {"words"}),
        ({"handler": "me"}, {"mine"}),
        ({"grade": "none-such", "class": "abc", "street": "x", "tab": "y"}, {"urgent", "other class", "words", "mine"}),
    ],
)
def test_filters_narrow_and_nonsense_does_not(
    handler: Client, people: People, asked: dict[str, str], found: set[str]
) -> None:
    cases = {
        "urgent": at_unit(people, 1, grade="urgent"),
        "other class": at_unit(people, 1, class_code="020101"),
        "words": at_unit(people, 1, content="门口乱停车没有人管"),
        "mine": at_unit(people, 1),
    }
    act(cases["mine"], people, Action.SIGN)
    act(cases["mine"], people, Action.ASSIGN_HANDLER, handler_id=handler.staff.pk)  # type: ignore[attr-defined]

    assert set(numbers_on(handler.get(DESK, asked))) == {cases[name].case_no for name in found}


def test_a_part_of_the_number_finds_the_case(handler: Client, people: People) -> None:
    wanted, _other = at_unit(people, 1), at_unit(people, 1)

    assert numbers_on(handler.get(DESK, {"q": wanted.case_no[-6:]})) == [wanted.case_no]


def test_the_desk_costs_the_same_for_five_and_for_fifty_cases(
    handler: Client, people: People, django_assert_num_queries: Callable[..., object]
) -> None:
    def give(many: int) -> None:
        for _ in range(many):
            case = at_unit(people, 1)
            act(case, people, Action.SIGN)
            act(case, people, Action.ASSIGN_HANDLER, handler_id=handler.staff.pk)  # type: ignore[attr-defined]

    give(5)
    handler.get(DESK)
    with django_assert_num_queries(8):
        handler.get(DESK, headers=HTMX)
    give(50)

    with django_assert_num_queries(8):
        answer = handler.get(DESK, headers=HTMX)

    assert len(numbers_on(answer)) == 50


def test_many_are_signed_at_once_and_what_cannot_be_is_named(handler: Client, people: People) -> None:
    fresh = [at_unit(people, 1) for _ in range(3)]
    signed = at_unit(people, 1)
    act(signed, people, Action.SIGN)
    foreign = at_unit(people, 1, unit_id=street_unit(OTHER_STREET))

    posted = {"case": [case.pk for case in (*fresh, signed, foreign)]}
    answer = handler.post("/cases/desk/sign/", posted, follow=True)

    assert "已签收3件，1件未签收" in answer.content.decode()
    assert Case.objects.filter(status=Status.SIGNED).count() == 4
    foreign.refresh_from_db()
    assert foreign.status == Status.DISPATCHED


def test_the_live_stamp_moves_with_every_change_and_says_nothing_otherwise(
    handler: Client, people: People, django_assert_num_queries: Callable[..., object]
) -> None:
    case = at_unit(people, 1)
    before = handler.get("/cases/live/").json()["stamp"]
    assert handler.get("/cases/live/", {"since": before}).status_code == 204

    act(case, people, Action.SIGN)
    after = handler.get("/cases/live/", {"since": before}).json()["stamp"]
    desk.act(
        case.pk, Action.MERGE, actor=people.operator(), data={"into_id": at_unit(people, 1).pk}, now=timezone.now()
    )

    assert after != before
    assert handler.get("/cases/live/").json()["stamp"] not in (before, after)
    with django_assert_num_queries(4):  # session, person, posts, and one over the desk's own cases
        handler.get("/cases/live/")


def test_the_head_sees_who_has_what(sign_in: Callable[..., Client], people: People) -> None:
    head = sign_in(street_unit(), Role.UNIT_HEAD, name="王主任")
    worker = sign_in(street_unit(), Role.HANDLER, name="张伟").staff  # type: ignore[attr-defined]
    given, handed = at_unit(people, 200), at_unit(people, 1)
    for case in (given, handed):
        act(case, people, Action.SIGN)
    act(given, people, Action.ASSIGN_HANDLER, handler_id=worker.pk)
    act(handed, people, Action.HAND_DOWN, unit_id=community_unit())

    shown = head.get("/cases/desk/team/").context
    load = {row.name: (row.working, row.overdue, row.all) for row in shown["handlers"]}

    assert load["张伟"] == (1, 1, 1)
    assert load["未指定承办人"] == (1, 0, 1)
    assert load["王主任"] == (0, 0, 0)
    assert [(row.name, row.all) for row in shown["units"]] == [(directory.unit(community_unit()).short_name, 1)]


def test_a_handler_has_no_view_of_the_team(handler: Client) -> None:
    assert handler.get("/cases/desk/team/").status_code == 403


def test_a_district_looks_at_the_units_below(sign_in: Callable[..., Client], people: People) -> None:
    case = at_unit(people, 1)
    rollups.refresh_open(timezone.now())
    assert case.district_id is not None
    district = directory.district_unit(case.district_id)
    assert district is not None
    head = sign_in(district.id, Role.UNIT_HEAD)

    assert numbers_on(head.get(DESK)) == []
    below = head.get(DESK, {"below": "1"})
    assert numbers_on(below) == [case.case_no]
    assert {tab: count for tab, count, _ in below.context["tabs"]}[Tab.UNSIGNED] == 1


def test_notices_are_counted_shown_and_marked_read_by_each_person_apart(
    handler: Client, people: People, sign_in: Callable[..., Client]
) -> None:
    case = at_unit(people, 1)
    deliver()
    assert Notice.objects.filter(unit_id=street_unit()).count() == 1
    head = sign_in(street_unit(), Role.UNIT_HEAD)

    assert handler.get("/cases/notices/unread/").context["unread"] == 1
    shown = handler.get("/cases/notices/").content.decode()
    assert case.case_no in shown
    assert "is-unread" in shown
    handler.post("/cases/notices/")

    assert handler.get("/cases/notices/unread/").context["unread"] == 0
    assert "is-unread" not in handler.get("/cases/notices/").content.decode()
    assert head.get("/cases/notices/unread/").context["unread"] == 1
    at_unit(people, 2)
    deliver()
    assert handler.get("/cases/notices/unread/").context["unread"] == 1


def test_a_damaged_page_mark_shows_the_first_page(handler: Client, people: People) -> None:
    case = at_unit(people, 1)

    assert numbers_on(handler.get(DESK, {"cursor": "damaged!"})) == [case.case_no]


def test_a_row_s_own_button_signs_and_leaves_the_list_to_renew_itself(handler: Client, people: People) -> None:
    case = at_unit(people, 1)

    answer = handler.post(f"/cases/{case.case_no}/do/sign/", {"place": "row", "seq": case.seq}, headers=HTMX)

    assert answer.status_code == 204
    assert '"case:changed"' in answer.headers["HX-Trigger"]
    again = handler.post(f"/cases/{case.case_no}/do/sign/", {"place": "row", "seq": case.seq}, headers=HTMX)
    assert "刚刚有变化" in again.headers["HX-Trigger"].encode().decode("unicode_escape")


def test_what_stands_red_on_a_row_is_counted_as_overdue_whichever_limit_it_is(handler: Client, people: People) -> None:
    unsigned = at_unit(people, 30, grade="normal")  # the limit for signing is over, the one for handling is not
    at_unit(people, 0.1, grade="normal")
    rollups.refresh_open(timezone.now())

    rows = handler.get(DESK).context["rows"]
    tabs = {tab: count for tab, count, _href in handler.get(DESK).context["tabs"]}

    assert [row.case.pk for row in rows if row.clock.light == Light.RED] == [unsigned.pk]
    assert tabs[Tab.OVERDUE] == 1
    assert numbers_on(handler.get(DESK + "?tab=overdue")) == [unsigned.case_no]
    assert sum(count.overdue for count in OpenCount.objects.all()) == 1
