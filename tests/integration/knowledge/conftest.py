"""Entries for tests: written as the hotline's editor would, and found at once."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from huiyin.knowledge import held, writing
from huiyin.knowledge.models import Entry
from huiyin.registry import directory

NOW = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning in the city


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    held.forget()
    yield
    held.forget()


def content(**changes: Any) -> writing.Content:
    hotline = directory.hotline()
    assert hotline is not None
    said = {
        "title": "供暖温度标准",
        "questions": ("暖气多少度算达标",),
        "answer": "供暖期内卧室、起居室温度不低于18℃。",
        "source": "供热采暖管理办法",
        "owner_id": hotline.id,
        "valid_from": date(2026, 1, 1),
    }
    return writing.Content(**{**said, **changes})


@pytest.fixture
def entry(city: None) -> Callable[..., Entry]:
    """Makes an entry in force; override any field of its content."""

    def make(**changes: Any) -> Entry:
        made = writing.create(content(**changes), by=writing.SYSTEM, now=NOW)
        held.forget()
        return made

    return make
