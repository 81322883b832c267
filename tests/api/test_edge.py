"""Who gets in, how often, and that every refusal of the API is a problem in one form."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import Staff
from huiyin.api import callers, limits, tokens
from huiyin.api.models import ApiToken, RateCount
from huiyin.api.scopes import Scope
from huiyin.domain.vocabulary import Role
from tests.api.conftest import MATTER, Api, account, hotline_id, token_of


def _is_problem(answer: Any, status: int, code: str) -> None:
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:huiyin:problem:{code}")
    assert body["instance"] == f"urn:huiyin:request:{answer['X-Request-Id']}"
    assert body["detail"]


def test_without_a_token_nobody_gets_in(city: None) -> None:
    answer = Client().get("/api/v1/cases")

    _is_problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("given", ["Bearer nonsense", "Bearer ", "Basic YTpi", "Bearer hy_漢字"])
def test_a_wrong_token_is_refused(city: None, given: str) -> None:
    _is_problem(Client().get("/api/v1/cases", headers={"Authorization": given}), 401, "not_authenticated")


def test_an_expired_token_is_refused(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    _is_problem(api.get("/cases"), 401, "not_authenticated")


def test_a_revoked_token_is_refused_within_five_seconds(
    api_as: Callable[..., Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = api_as(Role.OPERATOR)
    now = [100.0]
    monkeypatch.setattr(callers.time, "monotonic", lambda: now[0])
    assert api.get("/cases").status_code == 200
    tokens.revoke(ApiToken.objects.get(), now=timezone.now())

    now[0] += 5.0

    _is_problem(api.get("/cases"), 401, "not_authenticated")


def test_a_token_of_a_switched_off_account_is_refused(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR)
    Staff.objects.filter(pk=api.staff.pk).update(is_active=False)  # type: ignore[union-attr]  # made with an account

    _is_problem(api.get("/cases"), 401, "not_authenticated")


def test_an_account_without_a_post_may_do_nothing(api_as: Callable[..., Api]) -> None:
    _is_problem(api_as().get("/cases"), 403, "no_post")


def test_a_token_does_only_what_it_was_made_for(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR, scopes=(Scope.READ,))

    assert api.get("/cases").status_code == 200
    _is_problem(api.post("/cases", MATTER), 403, "out_of_scope")
    _is_problem(api.get("/areas"), 403, "out_of_scope")


def test_only_the_digest_of_a_token_is_kept(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR)

    row = ApiToken.objects.get()

    assert api.secret not in str(ApiToken.objects.values())
    assert bytes(row.digest) == tokens.digest_of(api.secret)


def test_the_use_of_a_token_is_noted_once_a_minute(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR)
    api.get("/cases")
    noted = ApiToken.objects.get().last_used_at
    callers.forget()

    api.get("/cases")

    assert noted is not None
    assert ApiToken.objects.get().last_used_at == noted


def test_a_session_reads_and_writes_with_the_csrf_mark(city: None) -> None:
    staff = account(Role.OPERATOR, unit_id=hotline_id())
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(staff)
    browser.cookies["csrftoken"] = "a" * 32

    bare = browser.post("/api/v1/cases", MATTER, content_type="application/json")
    marked = browser.post("/api/v1/cases", MATTER, content_type="application/json", headers={"X-CSRFToken": "a" * 32})

    assert browser.get("/api/v1/cases").status_code == 200
    _is_problem(bare, 403, "csrf_failed")
    assert marked.status_code == 201


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/cases", "/api/", "/api/v1/cases/1/"])
def test_an_unknown_address_is_a_problem(city: None, path: str) -> None:
    _is_problem(Client().get(path), 404, "not_found")


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(city: None) -> None:
    answer = Client().put("/api/v1/cases")

    _is_problem(answer, 405, "method_not_allowed")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"content": NaN}', "application/json", 400),
        (b'{"content": "\xff"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"content=x", "application/x-www-form-urlencoded", 415),
        (b"[]", "application/json", 422),
        (b"", "application/json", 422),
        (b'"' + b"x" * 3_000_000 + b'"', "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(
    api_as: Callable[..., Api], body: bytes, media_type: str, status: int
) -> None:
    api = api_as(Role.OPERATOR)

    answer = api.client.post(
        "/api/v1/cases", body, content_type=media_type, headers={"Authorization": f"Bearer {api.secret}"}
    )

    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("text", ["\ud800灯坏了三个月", "\x00灯坏了三个月", "𠮷野家门前路灯"])
def test_odd_characters_do_no_harm(api_as: Callable[..., Api], text: str) -> None:
    api = api_as(Role.OPERATOR)

    assert api.post("/cases", {**MATTER, "content": text, "address": text}).status_code == 201
    assert api.post("/cases", {**MATTER, text: 1}).status_code == 422


def test_a_bug_is_a_problem_that_tells_nothing_but_the_requests_number(
    api_as: Callable[..., Api], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from huiyin.api import finding

    def broken(*_given: object) -> None:
        raise DatabaseError("the table of secrets")

    monkeypatch.setattr(finding, "page_of", broken)

    answer = api_as(Role.OPERATOR).get("/cases", X_Request_Id="desk-2026-0001")

    _is_problem(answer, 500, "internal_error")
    assert "secrets" not in answer.content.decode()
    assert "desk-2026-0001" in caplog.text


def test_a_request_number_of_strange_form_is_replaced(city: None) -> None:
    answer = Client().get("/api/v1/health", headers={"X-Request-Id": "a b\tc"})

    assert answer["X-Request-Id"].isalnum()


def test_too_many_calls_are_refused_with_the_time_to_wait(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR, per_minute=3)

    answers = [api.get("/cases") for _ in range(5)]

    assert 429 in {answer.status_code for answer in answers}
    refused = answers[-1]
    _is_problem(refused, 429, "too_many_requests")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["RateLimit-Policy"] == '"minute";q=3;w=60'
    assert answers[0]["RateLimit"].startswith('"minute";r=2;t=')


def test_the_limit_counts_the_calls_of_all_processes(db: None) -> None:
    now = 1_800_000_000.0
    RateCount.objects.create(caller="t1", minute=int(now // 60), count=90)

    standing = limits.count("t1", 100, clock=lambda: now)

    assert standing.used == 91
    assert RateCount.objects.get(caller="t1").count == 91


def test_a_new_minute_starts_at_nought(db: None) -> None:
    now = 1_800_000_000.0
    limits.count("t1", 100, clock=lambda: now)

    assert limits.count("t1", 100, clock=lambda: now + 60).used == 1
    assert RateCount.objects.get(caller="t1").count == 1


def test_between_two_exchanges_a_process_counts_on_its_own(db: None) -> None:
    now = 1_800_000_000.0

    used = [limits.count("t1", 100, clock=lambda: now + 0.1).used for _ in range(3)]

    assert used == [1, 2, 3]
    assert RateCount.objects.get(caller="t1").count == 1
    assert limits.count("t1", 100, clock=lambda: now + 1.2).used == 4
    assert RateCount.objects.get(caller="t1").count == 4


def test_health_is_open_to_all_and_tells_no_more_than_numbers(city: None) -> None:
    body = Client().get("/api/v1/health").json()

    assert body["database"] is True
    assert set(body) == {
        "status",
        "database",
        "worker",
        "jobs_waiting",
        "jobs_late_seconds",
        "events_late_seconds",
    }


def test_health_says_that_the_database_is_away(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from huiyin.api.routers import health

    class Away:
        def cursor(self) -> None:
            raise DatabaseError

    monkeypatch.setattr(health, "connection", Away())

    answer = Client().get("/api/v1/health")

    assert (answer.status_code, answer.json()["status"]) == (503, "down")


def test_a_file_is_taken_in_and_given_back_to_whom_it_belongs(api_as: Callable[..., Api]) -> None:
    operator, stranger = api_as(Role.OPERATOR), api_as(Role.OPERATOR)

    sent = _upload(operator, "说明.txt", "现场说明：路灯不亮".encode())
    given = operator.get(f"/attachments/{sent.json()['id']}")

    assert sent.status_code == 201, sent.content.decode()
    assert b"".join(given.streaming_content).decode() == "现场说明：路灯不亮"
    assert given["X-Content-Type-Options"] == "nosniff"
    _is_problem(stranger.get(f"/attachments/{sent.json()['id']}"), 404, "not_found")


def test_a_bad_file_is_refused(api_as: Callable[..., Api]) -> None:
    answer = _upload(api_as(Role.OPERATOR), "x.jpg", b"MZ\x90\x00 not a picture")

    _is_problem(answer, 422, "file_refused")


def test_a_file_is_used_by_the_case_that_names_it(api_as: Callable[..., Api]) -> None:
    api = api_as(Role.OPERATOR)
    number = _upload(api, "说明.txt", "现场说明".encode()).json()["id"]

    assert api.post("/cases", {**MATTER, "files": [number]}).status_code == 201
    assert api.post("/cases", {**MATTER, "files": [number]}).status_code == 422


def _upload(api: Api, name: str, content: bytes) -> Any:
    return api.client.post(
        "/api/v1/attachments",
        {"file": SimpleUploadedFile(name, content)},
        headers={"Authorization": f"Bearer {api.secret}"},
    )


def test_a_token_must_be_for_something_and_not_forever(city: None) -> None:
    staff = account(Role.OPERATOR, unit_id=hotline_id())

    with pytest.raises(Exception, match="权限") as nothing:
        tokens.issue(name="无", staff=staff, scopes=(), days=9999, now=timezone.now())

    assert set(nothing.value.errors) == {"name", "scopes", "days"}  # type: ignore[attr-defined]  # InvalidData
    assert token_of(staff, Scope.READ).startswith("hy_")
