"""The pages of sampling: a plan is entered by the evaluator, seen by all; a frame is a file for who checks it."""

import hashlib
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from huiyin.callbacks import draws, frames
from huiyin.callbacks.models import Frame, FrameCase, Plan
from huiyin.callbacks.vocabulary import Scope
from huiyin.cases import desk
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import Role
from huiyin.ops.callbacks import callbacks
from huiyin.registry import directory
from tests.builders_city import People, replied, street_unit
from tests.integration.callbacks.conftest import due, signed_in

pytestmark = pytest.mark.usefixtures("city")
DAY = timedelta(days=1)


def entered(**changes: str) -> dict[str, str]:
    ahead = timezone.localdate() + 3 * DAY
    return {
        "called": "sample",
        "on": ahead.isoformat(),
        "scope": "city",
        "half_width": "5",
        "confidence": "0.95",
        "floor": "30",
        "stratum": "grade",
        "reason": "回访员不足，试行抽样",
        **changes,
    }


def drawn(people: People, now: datetime) -> Frame:
    """Three cases in a frame that closed a moment ago."""
    plan = Plan.objects.create(
        effective_from=now - 9 * DAY,
        scope=Scope.CITY,
        half_width="0.2",
        confidence="0.9",
        floor=1,
        reason="试行",
        made_at=now - 10 * DAY,
        made_by_id=1,
        made_by="考评员",
    )
    frame = frames.frame_of(now.date(), now - 2 * DAY)
    Frame.objects.filter(pk=frame.pk).update(begins_at=now - DAY, ends_at=now, committed_at=now - 2 * DAY)
    for number in range(3):
        case = replied(people, now=now - 8 * DAY, phone=f"1990001000{number}")
        desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=now)
        FrameCase.objects.create(
            case=case, frame=frame, plan=plan, unit_id=case.lead_unit_id, stratum="normal", entered_at=now
        )
    return draws.draw(frame, now)


def test_an_evaluator_enters_a_plan_and_withdraws_it_before_it_holds(client: Client) -> None:
    signed_in(client, Role.EVALUATOR)

    client.post("/callbacks/plans/new/", entered())
    plan = Plan.objects.get()
    page = client.get("/callbacks/plans/").content.decode()
    client.post(f"/callbacks/plans/{plan.pk}/withdraw/")

    plan.refresh_from_db()
    assert (str(plan.half_width), str(plan.confidence), plan.floor) == ("0.050", "0.950", 30)
    assert "±5%" in page
    assert "待生效" in page
    assert plan.withdrawn_at is not None
    assert "已撤回" in client.get("/callbacks/plans/").content.decode()


def test_a_plan_that_calls_all_again_needs_no_width(client: Client) -> None:
    signed_in(client, Role.EVALUATOR)

    client.post("/callbacks/plans/new/", entered(called="all", half_width="", floor=""))

    assert Plan.objects.get().half_width is None
    assert "全部回访" in client.get("/callbacks/plans/").content.decode()


def test_a_plan_for_a_unit_chosen_from_the_list_keeps_its_code(client: Client) -> None:
    signed_in(client, Role.EVALUATOR)
    unit = directory.unit(street_unit())

    refused = client.post("/callbacks/plans/new/", entered(scope="unit", unit=str(unit.id), reason=""))
    client.post("/callbacks/plans/new/", entered(scope="unit", unit=str(unit.id)))

    assert f'value="{unit.name}"' in refused.content.decode()
    assert Plan.objects.get().scope_value == unit.code
    assert unit.short_name in client.get("/callbacks/plans/").content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"on": "2020-01-01"}, "应从尚未开始的统计日起"),
        ({"half_width": ""}, "抽样回访时必填"),
        ({"half_width": "40"}, "30"),
        ({"scope": "district"}, "请选择适用的区"),
        ({"scope": "unit", "unit": "no-such"}, "请选择适用的区"),
        ({"scope": "unit", "unit": "²"}, "请选择适用的区"),
        ({"scope": "unit", "unit": "9" * 20}, "请选择适用的区"),
        ({"scope": "unit", "unit": "9" * 5000}, "20"),
        ({"reason": ""}, "请写明理由"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_at_its_field(client: Client, changes: dict[str, str], words: str) -> None:
    signed_in(client, Role.EVALUATOR)

    answer = client.post("/callbacks/plans/new/", entered(**changes))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Plan.objects.exists()


def test_everybody_inside_sees_the_commitment_and_nobody_the_seed_before_it_is_revealed(
    client: Client, people: People
) -> None:
    frame = drawn(people, timezone.now())
    signed_in(client, Role.HANDLER, unit_id=street_unit())

    sealed_page = client.get("/callbacks/plans/").content.decode()
    Frame.objects.update(revealed_at=timezone.now())
    revealed = client.get("/callbacks/plans/").content.decode()

    assert frame.commitment in sealed_page
    assert frames.seed_of(frame) not in sealed_page
    assert frames.seed_of(frame) in revealed
    assert client.get(f"/callbacks/frames/{frame.pk}/").status_code == 403
    assert client.post("/callbacks/plans/new/", entered()).status_code == 403


def test_an_outsider_recomputes_the_draw_from_the_file_and_by_hand(
    client: Client, people: People, tmp_path_factory: pytest.TempPathFactory
) -> None:
    frame = drawn(people, timezone.now())
    signed_in(client, Role.AUDITOR)
    file = tmp_path_factory.mktemp("frame") / "frame.csv"
    file.write_bytes(client.get(f"/callbacks/frames/{frame.pk}/").content)
    seed = frames.seed_of(frame)
    given = ["draw", "--seed", seed, "--cases", str(file)]

    same = CliRunner().invoke(callbacks, [*given, "--commitment", frame.commitment, "--check"])
    listed = CliRunner().invoke(callbacks, given)
    other = CliRunner().invoke(
        callbacks, ["draw", "--seed", "x", "--cases", str(file), "--commitment", frame.commitment]
    )

    assert (same.exit_code, same.output) == (0, "与重算结果一致\n")
    first = listed.stdout.splitlines()[1].split(",")
    assert first[3] == hashlib.sha256(f"{seed}:{first[0]}".encode()).hexdigest()
    assert (other.exit_code, "承诺值不符" in other.output) == (1, True)


def test_the_desk_says_of_one_who_is_not_drawn_that_he_is_not_called(client: Client, people: People) -> None:
    frame = drawn(people, timezone.now())
    row = FrameCase.objects.filter(frame=frame).select_related("case").first()
    assert row is not None
    FrameCase.objects.filter(pk=row.pk).update(drawn=False)
    signed_in(client, Role.CALLBACK_AGENT)

    aside = client.get(f"/callbacks/{row.case.case_no}/").content.decode()
    other = client.get(f"/callbacks/{due(people, phone='19900007777').case_no}/").content.decode()

    assert "不打电话" in aside
    assert "不打电话" not in other


def test_the_drawn_come_first_and_the_lists_of_samples_show_only_where_there_are_some(
    client: Client, people: People
) -> None:
    signed_in(client, Role.CALLBACK_AGENT)
    without = client.get("/callbacks/").content.decode()
    frame = drawn(people, timezone.now())
    FrameCase.objects.filter(frame=frame).update(drawn=True)

    with_some = client.get("/callbacks/")

    assert "tab=drawn" not in without
    assert with_some.context["tab"] == "drawn"
    assert len(with_some.context["lines"]) == 3
