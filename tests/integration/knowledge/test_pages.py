"""The knowledge base over HTTP: beside the conversation, for editors, for units, for citizens."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huiyin.accounts.models import Staff
from huiyin.cases.models import Case
from huiyin.domain.vocabulary import Role, Status
from huiyin.knowledge import held, revision, writing
from huiyin.knowledge.models import Entry, Gap, Use, UseKind
from tests.builders_city import street_unit
from tests.integration.intake.test_console import form, send, signed_in
from tests.integration.knowledge.conftest import content

ASKED = "我想问一下我家暖气多少度算达标"


@pytest.fixture
def operator(city: None) -> Client:
    return signed_in(Role.OPERATOR)


@pytest.fixture
def analyst(city: None) -> Client:
    return signed_in(Role.ANALYST)


def entered(**changes: str) -> dict[str, str]:
    entry = content()
    return {
        "title": entry.title,
        "questions": "\n".join(entry.questions),
        "answer": entry.answer,
        "source": entry.source,
        "owner": str(entry.owner_id),
        "valid_from": "2026-01-01",
        "publish": "1",
        **changes,
    }


def beside(client: Client, **changes: str) -> Any:
    return client.post(
        "/console/knowledge/", form(**{"content": ASKED, "place": "", **changes}), HTTP_HX_REQUEST="true"
    )


def answered(client: Client, quoted: str) -> Any:
    consultation = {"request_type": "consultation", "settling": "direct_answer", "answer": "不低于18℃"}
    return send(client, content=ASKED, quoted=quoted, **consultation)


def test_the_answer_stands_beside_the_conversation_with_source_and_validity(operator: Client, entry) -> None:
    made = entry()

    page = beside(operator).content.decode()

    assert "供暖期内卧室" in page
    assert "供热采暖管理办法" in page
    assert "2026-01-01 起有效" in page
    assert f'data-quote="{made.pk}.1"' in page


def test_where_nothing_is_known_the_console_says_so_and_offers_to_note_it(operator: Client, entry) -> None:
    entry()
    entry(title="养犬登记", questions=("在哪里办狗证",), answer="到居住地派出所办理。")

    page = beside(operator, content="今天晚上球赛几点开始转播").content.decode()

    assert "没有把握够的答案" in page
    assert "data-gap" in page
    assert "data-quote" not in page


def test_asking_beside_the_conversation_costs_the_same_whatever_is_found(operator: Client, entry) -> None:
    for number in range(4):
        entry(title=f"供暖标准{number}")
    beside(operator)
    costs = []
    for asked in (ASKED, "今天晚上球赛几点开始转播"):
        with CaptureQueriesContext(connection) as seen:
            beside(operator, content=asked)
        costs.append(len(seen))

    assert costs[0] == costs[1] <= 5


def test_a_direct_answer_keeps_which_version_it_quoted(operator: Client, entry) -> None:
    made = entry()

    answer = answered(operator, f"{made.pk}.1")

    case = Case.objects.get()
    assert answer.status_code == 200
    assert case.status == Status.CLOSED
    use = Use.objects.get()
    assert (use.entry, use.version, use.kind, use.case) == (made, 1, UseKind.CLOSED, case)


@pytest.mark.parametrize("quoted", ["99999.1", "x.y", "1", "..", "٣.١", "9" * 40 + ".1"])
def test_a_quotation_of_nothing_is_refused_and_nothing_is_filed(operator: Client, entry, quoted: str) -> None:
    entry()

    answer = answered(operator, quoted)

    assert answer.status_code == 422
    assert "重新引用" in answer.json()["errors"]["answer"]
    assert not Case.objects.exists()


def test_an_answer_changed_in_the_meantime_is_not_quoted(operator: Client, entry) -> None:
    made = entry()
    writing.change(made.pk, content(answer="不低于20℃"), by=writing.SYSTEM, now=timezone.now())
    held.forget()

    assert answered(operator, f"{made.pk}.1").status_code == 422
    assert answered(operator, f"{made.pk}.2").status_code == 200


def test_one_key_notes_the_gap(operator: Client) -> None:
    answer = operator.post("/console/knowledge/gap/", form(content="养鸵鸟要办什么证"))

    assert answer.status_code == 200
    assert Gap.objects.get().text == "养鸵鸟要办什么证"
    assert operator.post("/console/knowledge/gap/", form(content="")).status_code == 422


def test_an_entry_is_written_published_changed_and_withdrawn_on_the_pages(analyst: Client) -> None:
    made = analyst.post("/knowledge/new/", entered())
    address = made["Location"]
    entry = Entry.objects.get()
    changed = analyst.post(f"{address}edit/", entered(answer="不低于20℃", seen="1"))
    stale = analyst.post(f"{address}edit/", entered(answer="不低于22℃", seen="1"))
    withdrawn = analyst.post(f"{address}withdraw/", {"reason": "标准已变"})

    entry.refresh_from_db()
    assert (made.status_code, changed.status_code, stale.status_code, withdrawn.status_code) == (302, 302, 422, 302)
    assert entry.current is None
    assert [version.state for version in entry.versions.order_by("number")] == ["in_force", "in_force", "withdrawn"]
    assert "不低于20℃" in analyst.get(f"{address}compare/?a=1&b=2").content.decode()
    assert analyst.post(f"{address}versions/2/restore/").status_code == 302


def test_a_draft_waits_for_the_hotline(analyst: Client) -> None:
    own = street_unit()
    head = signed_in(Role.UNIT_HEAD, unit_id=own)

    address = head.post("/knowledge/new/", entered(owner=str(own)))["Location"]
    others = head.post("/knowledge/new/", entered())
    refused = head.post(f"{address}publish/", {"seen": "1"})

    entry = Entry.objects.get()
    assert others.status_code == 422
    assert refused.status_code == 403 or refused.status_code == 409
    assert entry.current is None
    assert head.get(address).status_code == 200
    assert signed_in(Role.HANDLER).get(address).status_code == 404
    assert analyst.post(f"{address}publish/", {"seen": "1"}).status_code == 302
    entry.refresh_from_db()
    assert entry.current is not None


def test_the_lists_show_what_is_to_be_done(analyst: Client, entry) -> None:
    today = timezone.localdate()
    entry(title="快到期", valid_until=today + timezone.timedelta(days=5))
    entry(title="过期了", valid_until=today - timezone.timedelta(days=1))
    entry(title="该复核", review_date=today)

    shown = {
        view: analyst.get(f"/knowledge/?view={view}").content.decode() for view in ("expiring", "expired", "review")
    }

    assert "快到期" in shown["expiring"]
    assert "该复核" not in shown["expiring"]
    assert "过期了" in shown["expired"]
    assert "该复核" in shown["review"]
    assert "过期了" in analyst.get("/knowledge/?view=expired&q=过期").content.decode()


def test_a_list_costs_the_same_for_one_entry_and_for_thirty(analyst: Client, entry) -> None:
    entry()
    analyst.get("/knowledge/")
    costs = []
    for _time in range(2):
        revision.look_again()
        with CaptureQueriesContext(connection) as seen:
            analyst.get("/knowledge/")
        costs.append(len(seen))
        for number in range(29):
            entry(title=f"标准{number}")

    assert costs[0] == costs[1]


def test_a_file_with_a_fault_writes_nothing(analyst: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = SimpleUploadedFile("a.csv", "标题,答复,来源\n供暖,不低于18℃,办法\n,没有标题,办法\n".encode())
    good = SimpleUploadedFile("b.csv", "标题,答复,来源\n供暖,不低于18℃,办法\n".encode("gb18030"))

    refused = analyst.post("/knowledge/import/", {"file": bad})
    written = Entry.objects.count()
    taken = analyst.post("/knowledge/import/", {"file": good})

    assert refused.status_code == 422
    assert "第 3 行：请填写标题" in refused.content.decode()
    assert written == 0
    assert taken.status_code == 302
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HANDLER, Role.DISPATCHER, Role.CALLBACK_AGENT, Role.LEADER])
def test_who_only_reads_finds_no_way_to_write(entry, role: Role) -> None:
    made = entry()
    client = signed_in(role)

    assert client.get("/knowledge/").status_code == 200
    assert client.get(f"/knowledge/{made.pk}/").status_code == 200
    for address in ("new/", f"{made.pk}/edit/", f"{made.pk}/withdraw/", "import/", f"{made.pk}/publish/"):
        assert client.post(f"/knowledge/{address}", entered(reason="x")).status_code == 403
    assert Entry.objects.count() == 1
    made.refresh_from_db()
    assert made.latest.number == 1


def test_an_analyst_of_a_unit_neither_publishes_nor_reads_the_gaps(city: None) -> None:
    client = signed_in(Role.ANALYST, unit_id=street_unit())

    assert client.post("/knowledge/new/", entered()).status_code in (403, 409)
    assert client.get("/knowledge/gaps/").status_code in (403, 409)
    assert not Entry.objects.exists()


def test_a_gap_is_closed_by_an_entry_or_put_away(analyst: Client, operator: Client, entry) -> None:
    made = entry()
    for asked in ("暖气片多少度才算合格呢", "养鸵鸟要办什么证"):
        operator.post("/console/knowledge/gap/", form(content=asked))
    solved, dismissed = Gap.objects.order_by("id")

    analyst.post(f"/knowledge/gaps/{solved.pk}/solve/", {"entry": str(made.pk)})
    analyst.post(f"/knowledge/gaps/{dismissed.pk}/dismiss/")

    solved.refresh_from_db()
    dismissed.refresh_from_db()
    assert solved.solved_by == made
    assert dismissed.dismissed
    assert "没有缺口" in analyst.get("/knowledge/gaps/").content.decode()


def test_citizens_find_public_answers_only(client: Client, entry) -> None:
    public, internal = entry(public=True), entry(title="内部口径", answer="不得外传的口径")

    page = client.get("/answers/?q=暖气多少度算达标").content.decode()

    assert "供暖温度标准" in page
    assert "内部口径" not in page
    assert client.get(f"/answers/{public.pk}/").status_code == 200
    assert client.get(f"/answers/{internal.pk}/").status_code == 404
    assert client.get("/answers/999999/").status_code == 404
    assert "没有找到有把握的答案" in client.get("/answers/?q=球赛几点转播").content.decode()
    assert Use.objects.get().kind == UseKind.PUBLIC


def test_reading_an_entry_is_noted_without_a_name_in_the_log(analyst: Client, entry, caplog) -> None:
    made = entry()

    analyst.get(f"/knowledge/{made.pk}/")

    use = Use.objects.get()
    assert (use.kind, use.staff_id) == (UseKind.OPENED, Staff.objects.get().pk)
    assert "林晓雨" not in caplog.text
