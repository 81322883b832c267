"""The document on the life of a case says what the table says."""

from pathlib import Path

import pytest

from huiyin.domain import diagram
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.lifecycle import TABLE, WHO, Relation
from huiyin.domain.vocabulary import Status

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/lifecycle.md"


def test_the_document_is_current():
    text = DOCUMENT.read_text(encoding="utf-8")

    assert diagram.refreshed(text) == text, "run scripts/draw_lifecycle.py"
    for part in (diagram.diagram(), diagram.actions(), diagram.statuses()):
        assert part in text


def test_what_is_written_by_hand_is_left_alone():
    text = "before\n<!-- statuses: from the table -->\nold\n<!-- end -->\nafter"

    drawn = diagram.refreshed(text)

    assert drawn.startswith("before\n<!-- statuses: from the table -->\n| 状态")
    assert drawn.endswith("\n<!-- end -->\nafter")
    assert "old" not in drawn


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_drawn_with_its_ways_in_and_out(status: Status):
    drawn = diagram.diagram()

    assert f'state "{status.label} {status}" as {status}' in drawn
    assert f"--> {status}:" in drawn
    assert f"{status} --> " in drawn


@pytest.mark.parametrize("action", sorted({action for _, action in TABLE}, key=str))
def test_every_action_is_listed_with_its_people_and_fields(action: Action):
    (line,) = [line for line in diagram.actions().splitlines() if f"| `{action}` |" in line]

    assert action.label in line
    assert all(f"`{field.name}`{'*' if field.required else ''}" in line for field in FIELDS[action])
    assert all(who.role is None or who.role.label in line for who in WHO[action])


def test_every_relation_has_its_words():
    assert set(diagram.RELATIONS) == set(Relation)
