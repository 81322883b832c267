"""The page parts: what they say, and that screen readers hear it too."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template

from huiyin.domain.vocabulary import Grade, Light, Status
from huiyin.ui import wording
from huiyin.ui.forms import NamesWhatIsMissing
from huiyin.ui.widgets import ChoiceButtons, ComboboxWidget

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def _render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context({"now": NOW, **context}))


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="可以只留姓")
    words = forms.CharField(label="内容", min_length=5, widget=forms.Textarea)
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲"), ("b", "乙")], widget=ChoiceButtons)
    unit = forms.IntegerField(label="单位", widget=ComboboxWidget("/options/", text_of=lambda value: f"单位{value}"))


class Asking(NamesWhatIsMissing, Sample):
    day = forms.DateField(label="日期", error_messages={"required": "请选一天"})
    note = forms.CharField(label="备注", required=False)


def test_a_form_names_what_is_missing_and_says_what_to_do_about_it() -> None:
    assert Asking({}).errors == {
        "name": ["请填写姓名"],
        "words": ["请填写内容"],
        "kind": ["请选择类型"],
        "unit": ["请选择单位"],
        "day": ["请选一天"],
    }
    assert Sample({}).errors["name"] != ["请填写姓名"]


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=30), "刚刚"),
        (timedelta(minutes=1), "1分钟前"),
        (timedelta(minutes=59, seconds=59), "59分钟前"),
        (timedelta(hours=1), "今天 14:30"),
        (timedelta(hours=15, minutes=30), "今天 00:00"),
        (timedelta(hours=15, minutes=31), "昨天 23:59"),
        (timedelta(days=2), "前天 15:30"),
        (timedelta(days=3), "11月20日 15:30"),
        (timedelta(days=400), "2025-10-19"),
        (-timedelta(hours=1), "今天 16:30"),
        (-timedelta(days=1), "明天 15:30"),
    ],
)
def test_a_moment_is_said_the_way_people_say_it(ago: timedelta, said: str) -> None:
    assert wording.relative(NOW - ago, NOW) == said


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(seconds=20), "剩不到1分"),
        (timedelta(minutes=47), "剩47分"),
        (timedelta(hours=2, minutes=5), "剩2小时5分"),
        (timedelta(hours=2), "剩2小时"),
        (timedelta(days=3, hours=4, minutes=9), "剩3天4小时"),
        (-timedelta(hours=5), "超期5小时"),
    ],
)
def test_a_due_time_says_what_is_left(left: timedelta, said: str) -> None:
    assert wording.remaining(NOW + left, NOW) == said


def test_the_full_time_is_on_hover_and_for_machines() -> None:
    shown = _render("{% when moment %}", moment=NOW - timedelta(hours=3))

    assert 'title="2026年11月23日 星期一 12:30:00"' in shown
    assert 'datetime="2026-11-23T12:30:00+08:00"' in shown


def test_lights_and_badges_say_their_word_not_only_their_colour() -> None:
    for status in Status:
        assert status.label in _render("{% status_badge it %}", it=status.value)
    for grade in Grade:
        assert grade.label in _render("{% grade_badge it %}", it=grade)
    for lamp in Light:
        assert lamp.label in _render("{% light it %}", it=lamp)
    assert "将到期" in _render("{% due moment 'yellow' %}", moment=NOW)


def test_text_from_people_is_escaped_everywhere() -> None:
    evil = "<script>alert(1)</script>"

    shown = _render(
        '{% light "red" it %}{% icon "x" label=it %}{% combobox "a" label=it url="/x/" value=it text=it %}', it=evil
    )

    assert "<script>" not in shown


def test_a_field_ties_label_help_and_error_together() -> None:
    form = Sample({"words": "短"})

    name, words = _render("{% field form.name %}", form=form), _render("{% field form.words %}", form=form)

    assert 'for="id_name"' in name
    assert 'aria-describedby="id_name_help id_name_error"' in name
    assert 'id="id_name_help"' in name
    assert 'id="id_name_error"' in name
    assert 'aria-invalid="true"' in words
    assert "form-control" in words


def test_a_group_of_choices_is_a_fieldset_with_its_name() -> None:
    shown = _render("{% field form.kind %}", form=Sample({"kind": "b"}))

    assert "<legend>类型" in shown
    assert 'value="b" id="id_kind_1" checked' in shown


def test_the_errors_above_a_form_lead_to_their_fields() -> None:
    shown = _render("{% form_errors form %}", form=Sample({"words": "短"}))

    assert 'role="alert"' in shown
    assert 'href="#id_words"' in shown


def test_a_combobox_in_a_form_keeps_value_and_words() -> None:
    shown = _render("{% field form.unit %}", form=Sample({"unit": "7"}))

    assert 'role="combobox"' in shown
    assert 'value="单位7"' in shown
    assert '<input type="hidden" name="unit" value="7">' in shown


def test_a_combobox_hides_what_it_is_not_given() -> None:
    shown = _render('{% combobox "unit" label="单位" url="/options/" %}')

    assert 'aria-controls="id_unit-list"' in shown
    assert 'id="id_unit-list" role="listbox" aria-label="单位"' in shown
    assert "None" not in shown
