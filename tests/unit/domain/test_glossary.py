"""The glossary names things as the code does."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from huiyin.domain import actions, vocabulary
from huiyin.domain.actions import Action
from huiyin.domain.case import Case
from huiyin.domain.vocabulary import ClockKind, Grade, Outcome, RequestType, Role, Satisfaction, Term

TEXT = (Path(__file__).resolve().parents[3] / "docs/glossary.md").read_text(encoding="utf-8")
NAMES = set(re.findall(r"`([^`]+)`", TEXT))


@pytest.mark.parametrize("kind", [Action, ClockKind, Grade, Outcome, RequestType, Satisfaction])
def test_every_word_of_the_field_is_explained(kind: type[Term]):
    told = NAMES | {name.split(".")[-1].lower() for name in NAMES}

    assert {str(term) for term in kind} <= told


def test_every_role_is_named():
    assert all(role.label in TEXT for role in Role)


def test_no_code_word_is_explained_that_the_code_does_not_know():
    words = {str(term) for kind in vars(vocabulary).values() if _is_term(kind) for term in kind}
    words |= {str(action) for action in Action} | {field.name for field in fields(Case)}
    stored = {"case_no", "content", "title", "origin_line", "requester", "seq", "reason", "catalogue"}

    assert {name for name in NAMES if re.fullmatch(r"[a-z_]+", name)} <= words | stored


def _is_term(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Term)


def test_the_enums_that_the_glossary_points_to_exist():
    for name in re.findall(r"`([A-Z]\w+)`:", TEXT):
        assert hasattr(vocabulary, name) or hasattr(actions, name) or name == "Actor", name
