"""The administrators' import page: checked first, started once, followed to its end, the rejects at hand."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import Post, Staff
from huiyin.cases.models import Case
from huiyin.domain.vocabulary import Role
from huiyin.intake.importing import uploads
from huiyin.intake.importing.mapping import lay_over
from huiyin.intake.models import FileImport, ImportState
from huiyin.registry import directory

pytestmark = pytest.mark.usefixtures("city")

PAGE = "/console/imports/"
ROWS = [
    ["工单编号", "主要内容", "来电时间"],
    ["1", "小区路灯不亮已经三天了", "2026-06-01 08:00:00"],
    ["2", "垃圾桶满了没有人来清运", "昨天"],
]


@pytest.fixture
def sign_in() -> Callable[[Role], Client]:
    def make(role: Role) -> Client:
        hotline = directory.hotline()
        assert hotline is not None
        staff = Staff.objects.create(username=f"import-{role}", name="管理", staff_no=f"I-{role}")
        Post.objects.create(staff=staff, unit_id=hotline.id, role=str(role), is_main=True, valid_from="2020-01-01")
        client = Client()
        client.force_login(staff)
        return client

    return make


@pytest.fixture
def administrator(sign_in: Callable[[Role], Client]) -> Client:
    return sign_in(Role.ADMINISTRATOR)


def file_of(rows: list[list[str]], name: str = "工单.csv") -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return SimpleUploadedFile(name, text.getvalue().encode())


def uploaded(client: Client, rows: list[list[str]] = ROWS, **given: str) -> FileImport:
    answer = client.post(PAGE, {"file": file_of(rows), **given})
    assert answer.status_code == 302
    return FileImport.objects.latest("pk")


def checked(client: Client) -> FileImport:
    kept = uploaded(client)
    uploads.run(kept.pk, dry=True)
    kept.refresh_from_db()
    return kept


def test_an_upload_is_checked_and_nothing_is_written_before_it_is_started(administrator: Client) -> None:
    kept = checked(administrator)

    page = administrator.get(f"{PAGE}{kept.pk}/").content.decode()

    assert (kept.state, kept.rows, kept.imported, kept.rejected) == (ImportState.CHECKED, 2, 1, 1)
    assert "来电时间不是有效的时间：昨天" in page
    assert kept.why_rejected == [("来电时间", 1)]
    assert "来电时间 1 行" in page
    assert not Case.objects.exists()


def test_started_it_brings_the_cases_in_and_throws_the_file_away(administrator: Client) -> None:
    kept = checked(administrator)

    answer = administrator.post(f"{PAGE}{kept.pk}/start/")
    uploads.run(kept.pk, dry=False)

    kept.refresh_from_db()
    assert answer.status_code == 302
    assert (kept.state, kept.imported, kept.rejected, kept.stored_as) == (ImportState.DONE, 1, 1, "")
    assert Case.objects.get().source_no == "1"
    [link] = re.findall(
        r'href="(/cases/[^"]*ids=[^"]*)">1</a>', administrator.get(f"{PAGE}{kept.pk}/").content.decode()
    )
    listed = administrator.get(unescape(link)).content.decode()
    assert "小区路灯不亮" in listed
    later = uploaded(administrator, [ROWS[0], ["9", "井盖丢失请尽快补上", "2026-06-02 08:00:00"]])
    uploads.run(later.pk, dry=True)
    administrator.post(f"{PAGE}{later.pk}/start/")
    uploads.run(later.pk, dry=False)
    again = administrator.get(unescape(link)).content.decode()
    assert ("小区路灯不亮" in again, "井盖丢失" in again) == (True, False)
    rejects = b"".join(administrator.get(f"{PAGE}{kept.pk}/rejects/")).decode("utf-8-sig")  # type: ignore[arg-type]
    assert rejects.splitlines()[1].startswith("3,来电时间,")


def test_a_second_import_is_refused_while_one_runs(administrator: Client) -> None:
    first, second = checked(administrator), checked(administrator)
    administrator.post(f"{PAGE}{first.pk}/start/")

    answer = administrator.post(f"{PAGE}{second.pk}/start/")

    assert answer.status_code == 409
    assert "另一个文件正在导入" in answer.content.decode()
    second.refresh_from_db()
    assert second.state == ImportState.CHECKED


def test_an_import_whose_worker_died_can_be_started_again(administrator: Client) -> None:
    kept = checked(administrator)
    administrator.post(f"{PAGE}{kept.pk}/start/")
    FileImport.objects.update(beat_at=timezone.now() - timedelta(minutes=5))

    administrator.get(PAGE)
    kept.refresh_from_db()
    assert kept.state == ImportState.FAILED

    administrator.post(f"{PAGE}{kept.pk}/start/")
    uploads.run(kept.pk, dry=False)
    assert Case.objects.count() == 1


def test_a_file_that_is_none_says_why(administrator: Client) -> None:
    kept = uploaded(administrator, [["甲", "乙"], ["1", "2"]])

    uploads.run(kept.pk, dry=True)

    kept.refresh_from_db()
    assert kept.state == ImportState.FAILED
    assert "缺少必需的列" in kept.error


def test_a_file_of_which_no_row_was_checked_cannot_be_started(administrator: Client) -> None:
    kept = uploaded(administrator, [["甲", "乙"], ["1", "2"]])
    uploads.run(kept.pk, dry=True)

    page = administrator.get(f"{PAGE}{kept.pk}/").content.decode()
    answer = administrator.post(f"{PAGE}{kept.pk}/start/")

    assert "缺少必需的列" in page
    assert "开始导入" not in page
    assert answer.status_code == 409
    kept.refresh_from_db()
    assert kept.state == ImportState.FAILED


def test_a_check_that_died_before_its_first_row_is_to_be_uploaded_again(administrator: Client) -> None:
    kept = uploaded(administrator)
    FileImport.objects.update(beat_at=timezone.now() - timedelta(minutes=5))

    page = administrator.get(f"{PAGE}{kept.pk}/").content.decode()

    assert "重新上传" in page
    assert "开始导入" not in page


def test_the_page_names_the_needed_columns_and_its_sample_comes_in_as_it_is(administrator: Client) -> None:
    page = administrator.get(PAGE).content.decode()
    [address] = re.findall(r'href="([^"]*/sample/)"', page)
    sample = administrator.get(address)

    assert "<b>主要内容</b>、<b>来电时间</b>" in page
    assert sample.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in sample["Content-Disposition"]
    heading = next(csv.reader(io.StringIO(sample.content.decode("utf-8-sig"))))
    assert lay_over(heading, None).others == ()
    administrator.post(PAGE, {"file": SimpleUploadedFile("样例.csv", sample.content)})
    kept = FileImport.objects.latest("pk")
    uploads.run(kept.pk, dry=True)
    kept.refresh_from_db()
    assert (kept.rows, kept.imported, kept.closed, kept.rejected) == (1, 1, 1, 0)


def test_while_it_works_the_page_asks_for_its_state_and_then_stops(administrator: Client) -> None:
    kept = uploaded(administrator)
    address = f"{PAGE}{kept.pk}/"

    assert 'hx-trigger="every 2s"' in administrator.get(address, headers={"HX-Request": "true"}).content.decode()

    uploads.run(kept.pk, dry=True)
    assert "every 2s" not in administrator.get(address, headers={"HX-Request": "true"}).content.decode()


def test_old_files_are_thrown_away_with_their_rejected_rows(administrator: Client) -> None:
    kept = checked(administrator)
    FileImport.objects.update(beat_at=timezone.now() - timedelta(days=8))

    uploads.discard_old(timezone.now())

    kept.refresh_from_db()
    assert (kept.stored_as, kept.rejects_as) == ("", "")
    assert administrator.get(f"{PAGE}{kept.pk}/rejects/").status_code == 404


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DISPATCHER, Role.LEADER, Role.ANALYST])
def test_only_administrators_bring_files_in(sign_in: Callable[[Role], Client], role: Role) -> None:
    client = sign_in(role)

    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}sample/").status_code == 403
    assert client.post(PAGE, {"file": file_of(ROWS)}).status_code == 403
    assert not FileImport.objects.exists()
