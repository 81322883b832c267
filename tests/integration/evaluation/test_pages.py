"""The board, the card, the cases behind a figure and the period desk, as those who use them see them."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.domain.vocabulary import Role
from huiyin.evaluation import jobs, live
from huiyin.evaluation.models import Version, Work
from huiyin.registry import directory
from tests.builders_city import NOW, OTHER_STREET, People, replied, street_unit
from tests.builders_evaluation import AFTER, BAD, GOOD, drafted, judged, published
from tests.integration.cases.conftest import sign_in

__all__ = ["sign_in"]
SignIn = Callable[..., Client]


def hotline() -> int:
    unit = directory.hotline()
    assert unit is not None
    return unit.id


def test_the_board_shows_a_published_period_with_its_arithmetic(sign_in: SignIn, people: People) -> None:
    judged(people)
    judged(people, answers=BAD)
    published()
    client = sign_in(street_unit(), Role.HANDLER)

    board = client.get("/evaluation/?group=street").content.decode()
    card = client.get(f"/evaluation/2026-06/street/{street_unit()}/").content.decode()

    assert "2026年6月" in board
    assert "50.00%" in board
    assert "不足 30 件，不参加排名" in board
    assert "1 ÷ 2" in card
    assert "55.0" in card


def test_a_unit_reads_no_draft_and_no_estimate(sign_in: SignIn, people: People) -> None:
    judged(people)
    drafted()
    live.refresh(NOW + timedelta(days=2))
    client = sign_in(street_unit(), Role.UNIT_HEAD)

    assert "还没有考评成绩" in client.get("/evaluation/").content.decode()
    for address in ("/evaluation/?period=2026-06", f"/evaluation/2026-06/street/{street_unit()}/"):
        assert client.get(address).status_code == 403
    assert client.get("/evaluation/periods/").status_code == 403


def test_the_cases_behind_a_figure_are_those_that_the_reader_may_see(sign_in: SignIn, people: People) -> None:
    case = judged(people, answers=BAD)
    published()
    address = f"/evaluation/2026-06/cases/?group=street&unit={street_unit()}&figure=not_solved"

    own = sign_in(street_unit(), Role.HANDLER).get(address)
    foreign = sign_in(street_unit(OTHER_STREET), Role.HANDLER).get(address)
    table = sign_in(street_unit(), Role.HANDLER).get(f"{address}&format=csv").content.decode()

    assert case.case_no in own.content.decode()
    assert case.case_no not in foreign.content.decode()
    assert "其中 1 件您无权查看" in foreign.content.decode()
    assert case.case_no in table
    assert "计入三率" in table


def test_who_was_not_asked_said_neither_yes_nor_no(sign_in: SignIn, people: People) -> None:
    replied(people)
    published()
    client = sign_in(street_unit(), Role.HANDLER)
    address = f"/evaluation/2026-06/cases/?group=street&unit={street_unit()}"

    page = client.get(address).content.decode()
    table = client.get(f"{address}&format=csv").content.decode().splitlines()

    assert page.count(">—</td>") == 3  # contacted, solved, satisfaction
    assert ">否<" not in page
    assert table[1].endswith(",尚未回访，只计诉求量,,,,,")


@pytest.mark.parametrize("address", ["/evaluation/?period=2026-06&group=street", "/evaluation/plots/?period=2026-06"])
def test_a_page_costs_the_same_however_many_cases(sign_in: SignIn, people: People, address: str) -> None:
    judged(people)
    drafted()
    client = sign_in(hotline(), Role.EVALUATOR)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(3):
        judged(people, now=NOW + timedelta(hours=number), unit_id=street_unit(OTHER_STREET))
    drafted()
    with CaptureQueriesContext(connection) as more:
        client.get(address)

    assert len(more) == len(few) < 16


def test_an_evaluator_closes_a_month_step_by_step(sign_in: SignIn, people: People) -> None:
    now = timezone.now() - timedelta(days=40)
    judged(people, now=now, answers=GOOD)
    evaluator = sign_in(hotline(), Role.EVALUATOR, name="甲")
    reviewer = sign_in(hotline(), Role.EVALUATOR, name="乙")
    from huiyin.evaluation import periods

    code = periods.period_at(now).code

    def do(client: Client, step: str, note: str = "") -> str:
        here = f"/evaluation/periods/{code}/{step}/"
        form = client.get(here).context or {}
        answer = client.post(here, {"note": note, "as_of": form.get("as_of", "")})
        assert answer.status_code in (302, 403, 422), answer.status_code
        work = Work.objects.order_by("-pk").first()
        if answer.status_code == 302 and work:
            jobs.take(work.pk)
        return str(answer.status_code)

    done = [do(evaluator, "draft"), do(evaluator, "review"), do(reviewer, "review", "已核对")]
    done += [do(evaluator, "freeze"), do(evaluator, "publish"), do(evaluator, "verify"), do(evaluator, "revise", "")]

    assert done == ["302", "403", "302", "302", "302", "302", "422"]
    assert Version.objects.get(period__code=code, number=1).stage == "published"
    assert Work.objects.order_by("-pk").first().words.startswith("逐位一致")
    assert "逐位一致" in evaluator.get(f"/evaluation/periods/{code}/").content.decode()


def test_a_draft_that_was_made_anew_is_not_approved_unread(sign_in: SignIn, people: People) -> None:
    judged(people, answers=BAD)
    drafted()
    reviewer = sign_in(hotline(), Role.EVALUATOR, name="乙")
    here = "/evaluation/periods/2026-06/review/"
    read = reviewer.get(here).context["as_of"]
    assert f'name="as_of" value="{read}"' in reviewer.get(here).content.decode()
    drafted(now=AFTER + timedelta(hours=1))

    refused = [reviewer.post(here, sent) for sent in ({"as_of": read}, {"note": "已核对"})]
    stood = Work.objects.exists()
    approved = reviewer.post(here, {"as_of": refused[0].context["as_of"]})

    assert [one.status_code for one in refused] == [422, 422]
    assert "草稿又重新出过" in refused[0].content.decode()
    assert not stood
    assert approved.status_code == 302


def test_the_fingerprint_is_the_hash_of_the_text_that_anybody_may_download(sign_in: SignIn, people: People) -> None:
    judged(people)
    version = published()
    client = sign_in(hotline(), Role.AUDITOR)

    answer = client.get("/evaluation/2026-06/fingerprint/?version=1")
    text = b"".join(answer.streaming_content)

    assert hashlib.sha256(text).hexdigest() == version.digest
    assert text.decode().splitlines()[0].startswith("2026-06,1,")


def test_what_is_not_frozen_has_no_fingerprint(sign_in: SignIn, people: People) -> None:
    judged(people)
    drafted()
    client = sign_in(hotline(), Role.EVALUATOR)

    assert client.get("/evaluation/2026-06/fingerprint/?version=1").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "?period=%00",
        "?period=2026-6",
        "?period=2026-06%0A",
        "plots/?period=%00",
        "%00/cases/?group=street&unit=1",
        "periods/%00/",
        "periods/1999-01/",
    ],
)
def test_a_period_that_cannot_be_is_not_found(sign_in: SignIn, people: People, address: str) -> None:
    judged(people)
    published()

    assert sign_in(hotline(), Role.EVALUATOR).get(f"/evaluation/{address}").status_code == 404


@pytest.mark.parametrize("note", ["长" * 401, "已核对\x00"])
def test_a_note_that_cannot_be_stored_is_refused(sign_in: SignIn, people: People, note: str) -> None:
    published()

    answer = sign_in(hotline(), Role.EVALUATOR).post("/evaluation/periods/2026-06/revise/", {"note": note})

    assert answer.status_code == 422
    assert not Work.objects.exists()
