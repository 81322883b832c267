"""What people write about governed streets and talks; the rules are the services'."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.widgets import PhraseTextarea
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.numerals import whole
from huiyin.domain.vocabulary import UnitKind
from huiyin.evaluation.vocabulary import GROUP_OF
from huiyin.registry.forms import day_input, unit_box

_CALLED = (UnitKind.DISTRICT_GOV, *GROUP_OF)  # who stands on a list


class _Refusing(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="gov_%s", **kwargs)

    def refuse(self, refusal: DomainError) -> None:
        """Our words stand in place of Django's about the same field."""
        errors = refusal.errors if isinstance(refusal, InvalidData) else {"": refusal.message}
        for name, message in errors.items():
            self.errors.pop(name, None)
            self.add_error(name if name in self.fields else None, message)

    def said(self, name: str) -> str:
        return str(self.data.get(name, ""))

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.said(name).strip())
        except ValueError:
            return None


def _words(label: Any, phrases: tuple[Any, ...] = (), *, rows: int = 3, required: bool = True) -> forms.CharField:
    widget = PhraseTextarea(phrases=phrases, attrs={"rows": rows})
    return forms.CharField(label=label, max_length=2000, required=required, widget=widget)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=day_input())


def _target(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))


class ReasonForm(_Refusing):
    reason = _words(_("理由"), (_("符合规则所列条件。"), _("群众诉求集中，需市级统筹治理。")))


class NoteForm(_Refusing):
    reason = _words(_("进展"))


class PlanForm(_Refusing):
    plan = _words(_("治理方案"), rows=6)
    target_resolution = _target(_("目标解决率（%）"))
    target_satisfaction = _target(_("目标满意率（%）"))
    target_volume = _target(_("目标诉求量（每期不超过，件）"))


class MeasureForm(_Refusing):
    title = forms.CharField(label=_("治理项目"), max_length=120)
    owner = forms.CharField(label=_("责任单位或责任人"), max_length=60)
    due = _day(_("完成期限"))


class SettleForm(_Refusing):
    words = _words(_("完成情况和佐证；取消的写明原因"))


class CallForm(_Refusing):
    unit = forms.CharField(label=_("约谈单位"), widget=unit_box(*_CALLED))
    reason = _words(_("约谈理由"))

    def refuse(self, refusal: DomainError) -> None:
        if isinstance(refusal, InvalidData) and "unit_id" in refusal.errors:
            refusal = InvalidData({"unit": refusal.errors["unit_id"]})
        super().refuse(refusal)

    def unit_id(self) -> int | None:
        """None where nothing was chosen from the list, whatever was typed."""
        return whole(self.said("unit"))


class HoldForm(_Refusing):
    on = _day(_("约谈日期"))
    minutes = _words(_("约谈纪要"), rows=4, required=False)
    promises = _words(_("整改承诺"))
    until = _day(_("承诺完成日期"))


class CloseForm(_Refusing):
    outcome = _words(_("落实情况"), (_("承诺事项均已落实，现场核实。"), _("部分落实，其余转入下期跟踪。")))


class DropForm(_Refusing):
    reason = _words(_("不再约谈的理由"), (_("成绩修订后不再符合约谈条件。"), _("已在点评会上通报，不再单独约谈。")))


class FileForm(forms.Form):
    file = forms.FileField(label=_("文件"), help_text=_("CSV 或 Excel（.xlsx），列名见下"))
