"""What people write about governed streets and talks; the rules are governing's and talking's."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.widgets import PhraseTextarea
from huiyin.domain.errors import DomainError, InvalidData


class _Refusing(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="gov_%s", **kwargs)

    def refuse(self, refusal: DomainError) -> None:
        errors = refusal.errors if isinstance(refusal, InvalidData) else {"": refusal.message}
        for name, message in errors.items():
            self.add_error(name if name in self.fields else None, message)

    def said(self, name: str) -> str:
        return str(self.data.get(name, ""))


def _words(label: Any, phrases: tuple[Any, ...] = (), rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=PhraseTextarea(phrases=phrases, attrs={"rows": rows}))


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class ReasonForm(_Refusing):
    reason = _words(_("理由（公开）"), (_("符合规则所列条件。"), _("群众诉求集中，需市级统筹治理。")))


class NoteForm(_Refusing):
    reason = _words(_("进展"))


class PlanForm(_Refusing):
    plan = _words(_("治理方案"), rows=6)
    target_resolution = forms.CharField(label=_("目标解决率（%）"), required=False)
    target_satisfaction = forms.CharField(label=_("目标满意率（%）"), required=False)
    target_volume = forms.CharField(label=_("目标诉求量（件/期）"), required=False)


class MeasureForm(_Refusing):
    title = forms.CharField(label=_("治理项目"), max_length=120)
    owner = forms.CharField(label=_("责任单位或责任人"), max_length=60)
    due = _day(_("完成期限"))


class SettleForm(_Refusing):
    words = _words(_("完成情况和佐证；取消的写明原因"))


class ResidentsForm(_Refusing):
    year = forms.CharField(label=_("年份"))
    count = forms.CharField(label=_("常住人口（人）"))
    source = forms.CharField(label=_("数据来源"), max_length=120)


class HoldForm(_Refusing):
    on = _day(_("约谈日期"))
    minutes = _words(_("约谈纪要"), rows=4)
    promises = _words(_("整改承诺"))
    until = _day(_("承诺完成日期"))


class CloseForm(_Refusing):
    outcome = _words(_("落实情况"), (_("承诺事项均已落实，现场核实。"), _("部分落实，其余转入下期跟踪。")))
