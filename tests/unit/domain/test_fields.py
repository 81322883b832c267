"""What people, forms and programs send is parsed to typed values, or refused field by field in Chinese."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.errors import InvalidData
from huiyin.domain.fields import Field, FieldKind, as_json, parse
from huiyin.domain.vocabulary import Grade, Satisfaction
from tests.builders import MORNING

IDS = [FieldKind.UNIT, FieldKind.STAFF, FieldKind.AREA]
ASKED = {
    FieldKind.TEXT: "请填写此项",
    FieldKind.LONG_TEXT: "请填写此项",
    FieldKind.TIME: "请填写此项",
    FieldKind.FILES: "请添加此项",
    FieldKind.YES_NO: "请选择是否此项",
}
BIG_IDS = [FieldKind.CASE, FieldKind.FILES]


def field(kind: FieldKind, **more: Any) -> Field:
    choices = Grade if kind is FieldKind.CHOICE else None
    return Field(name="it", kind=kind, label="此项", choices=choices, **more)


def value(kind: FieldKind, raw: object, **more: Any) -> Any:
    return parse((field(kind, **more),), {"it": raw})["it"]


def message(kind: FieldKind, raw: object, **more: Any) -> str:
    with pytest.raises(InvalidData) as refused:
        value(kind, raw, **more)
    assert set(refused.value.errors) == {"it"}
    return refused.value.errors["it"]


@pytest.mark.parametrize(
    ("kind", "raw", "parsed"),
    [
        (FieldKind.TEXT, " 某路1号 ", "某路1号"),
        (FieldKind.TEXT, "前\x00后\ud800", "前后"),
        (FieldKind.LONG_TEXT, "第一行\n第二行", "第一行\n第二行"),
        (FieldKind.CLASS, "010203", "010203"),
        (FieldKind.CHOICE, "urgent", Grade.URGENT),
        (FieldKind.CHOICE, Grade.URGENT, Grade.URGENT),
        (FieldKind.YES_NO, True, True),
        (FieldKind.YES_NO, False, False),
        (FieldKind.YES_NO, "是", True),
        (FieldKind.YES_NO, "No", False),
        (FieldKind.YES_NO, 0, False),
        (FieldKind.TIME, MORNING, MORNING),
        (FieldKind.TIME, "2026-03-02T09:00:00+08:00", MORNING),
        (FieldKind.TIME, "2026-03-02T01:00:00Z", MORNING),
        (FieldKind.UNIT, 12, 12),
        (FieldKind.UNIT, " 12 ", 12),
        (FieldKind.STAFF, "7", 7),
        (FieldKind.AREA, 110105, 110105),
        (FieldKind.CASE, 2**40, 2**40),
        (FieldKind.UNITS, [3, "4", 3], (3, 4)),
        (FieldKind.UNITS, "3,4,,3", (3, 4)),
        (FieldKind.UNITS, 3, (3,)),
        (FieldKind.FILES, (2**40,), (2**40,)),
    ],
)
def test_a_well_formed_value_is_understood(kind: FieldKind, raw: object, parsed: object):
    result = value(kind, raw)

    assert result == parsed
    assert type(result) is type(parsed)


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        *((FieldKind.TEXT, raw) for raw in (5, True, ["a"], {"a": 1}, b"a")),
        *((FieldKind.CLASS, raw) for raw in (10203, ["010203"])),
        *((FieldKind.CHOICE, raw) for raw in ("soon", "URGENT", 1, ["urgent"], {"a": 1}, Satisfaction.SATISFIED)),
        *((FieldKind.YES_NO, raw) for raw in ("maybe", 2, 1.5, ["yes"], {"yes": 1})),
        *((FieldKind.TIME, raw) for raw in ("today", "2026-13-01T00:00:00+08:00", 5, ["2026"], "9" * 9999)),
        *((kind, raw) for kind in IDS for raw in (0, -1, "1.0", 1.0, True, "x", "１２", 2**31, "9" * 9999, [1, 2], {})),
        *((kind, raw) for kind in BIG_IDS for raw in (0, -1, "x", 2**63, "9" * 9999)),
        *((FieldKind.UNITS, raw) for raw in (["a"], [[1]], [True], {"a": 1}, "1;2", [2**31])),
    ],
)
def test_a_wrong_value_is_refused_with_the_fields_name(kind: FieldKind, raw: object):
    assert "此项" in message(kind, raw)


@pytest.mark.parametrize("raw", [MORNING.replace(tzinfo=None), "2026-03-02T09:00:00", "2026-03-02"])
def test_a_time_without_a_zone_is_refused(raw: object):
    assert message(FieldKind.TIME, raw) == "此项须带时区"


@pytest.mark.parametrize("raw", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
def test_a_time_that_no_zone_can_hold_is_refused(raw: str):
    assert message(FieldKind.TIME, raw) == "此项不是有效的时间"


@pytest.mark.parametrize("kind", list(FieldKind))
@pytest.mark.parametrize("raw", [None, "", "  \n", "\x00", "\u200b\u3000", [], ()])
def test_an_empty_value_is_none_where_it_may_be_and_asked_for_where_not(kind: FieldKind, raw: object):
    empty = () if kind in {FieldKind.UNITS, FieldKind.FILES} else None

    assert value(kind, raw, required=False) == empty
    assert message(kind, raw) == ASKED.get(kind, "请选择此项")


@pytest.mark.parametrize(("label", "asked"), [("同意退单", "请选择是否同意退单"), ("是否联系上", "请选择是否联系上")])
def test_a_yes_or_no_is_asked_for_as_a_question(label: str, asked: str):
    with pytest.raises(InvalidData) as refused:
        parse((Field(name="it", kind=FieldKind.YES_NO, label=label),), {})

    assert refused.value.errors == {"it": asked}


def test_a_list_of_nothing_is_nothing():
    assert message(FieldKind.FILES, ["", None]) == "请添加此项"


@pytest.mark.parametrize(
    ("text", "good"), [("四个汉字", True), ("三个字", False), ("三个字 ", False), ("四" * 6, False)]
)
def test_a_text_keeps_its_length(text: str, good: bool):
    if good:
        assert value(FieldKind.TEXT, text, min_length=4, max_length=5) == text
    else:
        assert "个字" in message(FieldKind.TEXT, text, min_length=4, max_length=5)


def test_a_list_has_an_end():
    assert value(FieldKind.UNITS, list(range(1, 51))) == tuple(range(1, 51))
    assert message(FieldKind.UNITS, list(range(1, 52))) == "此项最多选50项"
    assert message(FieldKind.FILES, "1," * 100_000) == "此项最多选50项"


def test_unknown_fields_are_named_briefly():
    with pytest.raises(InvalidData) as refused:
        parse((), {"who": 1, "x" * 1000: 2})

    assert refused.value.errors["who"] == "不认识的字段：who"
    assert all(len(told) < 60 for told in refused.value.errors.values())


def test_every_wrong_field_is_reported_at_once():
    with pytest.raises(InvalidData) as refused:
        parse(FIELDS[Action.REPLY], {"outcome": "x", "told_at": "x", "result": "短"})

    assert set(refused.value.errors) == {"outcome", "means", "told_at", "result"}
    assert refused.value.field == "outcome"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.datetimes(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(action=st.sampled_from(Action), data=st.data())
def test_whatever_is_sent_is_parsed_or_refused_and_never_breaks(action: Action, data: st.DataObject):
    names = [entry.name for entry in FIELDS[action]]
    sent = data.draw(st.dictionaries(st.sampled_from(["other", *names]), ANYTHING))

    try:
        values = parse(FIELDS[action], sent)
    except InvalidData as refused:
        told = refused.errors
        assert told
        assert set(told) <= {*names, *sent}
    else:
        assert set(values) == set(names)


def test_values_become_primitives_for_the_record():
    assert as_json(Grade.URGENT) == "urgent"
    assert type(as_json(Grade.URGENT)) is str
    assert as_json(datetime(2026, 3, 2, 1, tzinfo=UTC)) == "2026-03-02T01:00:00+00:00"
    assert as_json((1, Grade.NORMAL)) == [1, "normal"]
    assert as_json(True) is True
