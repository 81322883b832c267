"""What an evaluator fills in to have a share of the callbacks drawn; the rules are `plans`' and the domain's."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.callbacks.vocabulary import Scope, Stratum
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.numerals import whole
from huiyin.domain.sampling import SampleRule
from huiyin.domain.vocabulary import UnitKind
from huiyin.registry import directory
from huiyin.registry.forms import unit_box
from huiyin.ui.widgets import ChoiceButtons

_CALLED = [("sample", _("抽样回访")), ("all", _("全部回访"))]
_CONFIDENCES = [("0.80", "80%"), ("0.90", "90%"), ("0.95", "95%"), ("0.99", "99%")]
_HUNDRED = Decimal(100)


class PlanForm(forms.Form):
    called = forms.ChoiceField(label=_("怎样回访"), choices=_CALLED, widget=ChoiceButtons, initial="sample")
    on = forms.DateField(
        label=_("自哪个统计日起"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("统计日从前一日中午开始，只能选尚未开始的"),
        error_messages={"required": _("请选择日期"), "invalid": _("日期应如 2026-06-10")},
    )
    scope = forms.ChoiceField(label=_("适用于"), choices=Scope.choices(), widget=ChoiceButtons, initial="city")
    district = forms.ChoiceField(label=_("区"), required=False, help_text=_("适用于一个区时选"))
    kind = forms.ChoiceField(
        label=_("单位类别"), required=False, choices=[("", "—"), *UnitKind.choices()], help_text=_("适用于一类单位时选")
    )
    unit = forms.CharField(
        label=_("单位"), required=False, max_length=20, widget=unit_box(), help_text=_("适用于一个单位及其下级时选")
    )
    half_width = forms.DecimalField(
        label=_("每单位每期误差不超过（±%）"), required=False, initial=5, min_value=1, max_value=30, decimal_places=1
    )
    confidence = forms.ChoiceField(label=_("置信度"), choices=_CONFIDENCES, widget=ChoiceButtons, initial="0.95")
    floor = forms.IntegerField(
        label=_("每单位每期至少（件）"),
        required=False,
        initial=30,
        min_value=1,
        help_text=_("预计不足这一件数的单位全部回访"),
    )
    stratum = forms.ChoiceField(label=_("分层"), choices=Stratum.choices(), widget=ChoiceButtons, initial="grade")
    reason = forms.CharField(
        label=_("理由"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明理由")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [(area.code, area.short_name) for area in directory.districts()]
        self.fields["district"].choices = [("", "—"), *areas]  # type: ignore[attr-defined]  # a ChoiceField's

    def entered(self) -> dict[str, Any]:
        """What `plans.enter` takes; InvalidData for figures that make no rule."""
        given = self.cleaned_data
        scope = Scope(given["scope"])
        values = {Scope.DISTRICT: given["district"], Scope.KIND: given["kind"], Scope.UNIT: _code_of(given["unit"])}
        on: date = given["on"]
        return {
            "on": on,
            "scope": scope,
            "value": values.get(scope, ""),
            "rule": self._rule() if given["called"] == "sample" else None,
            "stratum": Stratum(given["stratum"]),
            "reason": given["reason"],
        }

    def refuse(self, refusal: DomainError) -> None:
        errors = refusal.errors if isinstance(refusal, InvalidData) else {"": refusal.message}
        wanted = {"value": {"district": "district", "kind": "kind", "unit": "unit"}.get(self.data.get("scope", ""), "")}
        for name, message in errors.items():
            field = wanted.get(name, name)
            self.add_error(field if field in self.fields else None, message)

    def _rule(self) -> SampleRule:
        given = self.cleaned_data
        missing = {
            name: "抽样回访时必填"
            for name in ("half_width", "floor")
            if given.get(name) is None and name not in self.errors
        }
        if missing:
            raise InvalidData(missing)
        return SampleRule(
            half_width=given["half_width"] / _HUNDRED, confidence=Decimal(given["confidence"]), floor=given["floor"]
        )


def _code_of(unit_id: str) -> str:
    """The box gives a unit's id; a plan keeps its code, which stays when a registry is set up anew."""
    unit = directory.find_unit(whole(unit_id))
    return unit.code if unit else ""
