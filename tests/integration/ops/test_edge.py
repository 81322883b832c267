"""What every answer carries, and what a load balancer and a template are told."""

import logging

from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory

from huiyin.config import context, logs


def test_no_page_may_load_foreign_or_inline_scripts(client: Client, db: None) -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in client.get("/ops/health")["Content-Security-Policy"].split(";")
    )

    assert policy["script-src"] == "'self'"
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"


def test_health_is_told_with_the_version(client: Client, db: None) -> None:
    answer = client.get("/ops/health")

    assert (answer.status_code, answer.json()["ok"]) == (200, True)


def test_health_is_denied_when_the_database_is_away(client: Client, db: None) -> None:
    def away(*arguments: object) -> None:
        raise DatabaseError("connection refused by 10.1.2.3")

    with connection.execute_wrapper(away):
        answer = client.get("/ops/health")

    assert answer.status_code == 503
    assert "10.1.2.3" not in answer.content.decode()


def test_health_takes_no_post(client: Client) -> None:
    assert client.post("/ops/health").status_code == 405


def test_a_database_error_leaves_the_rows_values_out_of_the_log() -> None:
    record = logging.LogRecord(
        "x", logging.ERROR, "", 0, "duplicate key\nDETAIL:  Key (phone)=(13900000000)", None, None
    )

    line = logs.DiscreetFormatter().format(record)

    assert "duplicate key" in line
    assert "13900000000" not in line


def test_a_noisy_logger_is_heard_once_in_ten_seconds() -> None:
    sparing = logs.OneInTenSeconds()
    record = logging.LogRecord("x", logging.WARNING, "", 0, "down", None, None)

    assert [sparing.filter(record) for _ in range(3)] == [True, False, False]


def test_templates_know_whether_this_is_a_demo() -> None:
    told = context.platform(RequestFactory().get("/"))["platform"]

    assert told["demo"] is settings.DEMO
