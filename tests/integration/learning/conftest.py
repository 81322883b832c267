"""What the learning tests share: caches forgotten around each test, many cases at once, rows to train on."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from huiyin.cases.models import Case
from huiyin.domain.vocabulary import RequestType
from huiyin.learning import champion, storing, training, watch
from huiyin.learning.examples import Example
from huiyin.learning.models import ModelState, ModelVersion, Outcome
from tests.builders_city import NOW

LIGHT, NOISE = "010101", "050101"
_SAID = {
    LIGHT: ("楼道里的灯坏了", "路灯不亮一片漆黑", "灯杆上的灯不亮了", "楼道灯一直闪"),
    NOISE: ("楼上半夜装修很吵", "邻居噪音扰民睡不着", "半夜放音响噪音太大", "装修噪音从早到晚"),
}


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    champion.forget()
    watch.look_again()
    yield
    champion.forget()
    watch.look_again()


_trained: dict[tuple[str, ...], Any] = {}
_train = training._made


@pytest.fixture(autouse=True)
def _trained_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows give the same model; training it takes seconds, once is enough for all tests."""

    def made(learned: Sequence[Example], now: datetime) -> Any:
        key = tuple(f"{example.label}{example.text}" for example in learned)
        if key not in _trained:
            _trained[key] = _train(learned, now)
        return _trained[key]

    monkeypatch.setattr(training, "_made", made)


def rows(count: int, *, mixed_up: bool = False) -> list[Example]:
    """As of a file; `mixed_up` gives each text the other's class."""
    codes = list(_SAID)
    return [
        Example(
            key=-number,
            text=f"{_SAID[codes[number % 2]][number // 2 % 4]}，请尽快处理第{number}次反映",
            label=codes[(number + mixed_up) % 2],
            request_type=RequestType.COMPLAINT,
        )
        for number in range(1, count + 1)
    ]


def beside(version: ModelVersion) -> ModelVersion:
    """Another version with the same bytes, not in use."""
    content = storing.fetch(version.stored_as, sha256=version.sha256)
    number = version.number + 1
    stored_as, _digest = storing.keep(content, number=number)
    version.pk, version.number, version.state, version.stored_as = None, number, ModelState.REFUSED, stored_as
    version.save(force_insert=True)
    return version


def copies(case: Case, count: int) -> list[int]:
    """So many more rows like this case, without events; returns their ids."""
    columns = [field.column for field in Case._meta.concrete_fields]
    changed = {
        "id": "nextval(pg_get_serial_sequence('hotline_case', 'id'))",
        "case_no": "lpad(number::text, 17, '0')",
    }
    chosen = ", ".join(changed.get(column, f"made.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO hotline_case ({', '.join(columns)}) SELECT {chosen} FROM hotline_case AS made,"
            " generate_series(1, %s) AS number WHERE made.id = %s RETURNING id",
            [count, case.pk],
        )
        return [number for (number,) in cursor.fetchall()]


def sent_alone(case: Case, *, passed: int, wrong: int) -> None:
    """Outcomes of so many automatic dispatches, the wrong ones spread evenly."""
    gone_wrong = {round((number + 0.5) * passed / wrong) for number in range(wrong)}
    Outcome.objects.bulk_create(
        Outcome(
            case_id=case_id,
            dispatched_at=NOW + timedelta(seconds=place),
            automatic=True,
            confidence=0.9,
            unit_proposed=1,
            unit_id=1,
            unit_right=False if place in gone_wrong else None,
            changed_at=NOW,
        )
        for place, case_id in enumerate(copies(case, passed))
    )
