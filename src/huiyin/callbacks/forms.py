"""Forms of the callback desk beside the table's own: a second answer taken down on the phone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models import Case
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.moves.callback import UNSOLVABLE
from huiyin.domain.vocabulary import Attitude, Satisfaction
from huiyin.ui.widgets import ChoiceButtons

_YES_NO = [("yes", _("是")), ("no", _("否"))]


class SecondAnswerForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么再次评价"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请写明诉求人为什么再次评价")},
    )
    contacted = forms.ChoiceField(label=_("单位联系您了吗？"), choices=_YES_NO, widget=ChoiceButtons)
    solved = forms.ChoiceField(label=_("问题解决了吗？"), choices=_YES_NO, widget=ChoiceButtons)
    satisfaction = forms.ChoiceField(label=_("您满意吗？"), choices=Satisfaction.choices(), widget=ChoiceButtons)
    attitude = forms.ChoiceField(label=_("服务态度"), choices=Attitude.choices(), widget=ChoiceButtons, required=False)
    remark = forms.CharField(
        label=_("诉求人意见"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="again_%s", **kwargs)
        if case.request_type in UNSOLVABLE:
            del self.fields["solved"]
        for name in ("contacted", "solved", "satisfaction"):
            if name in self.fields:
                self.fields[name].error_messages["required"] = _("请选一项")

    def refuse(self, refusal: DomainError) -> None:
        errors = refusal.errors if isinstance(refusal, InvalidData) else {"": refusal.message}
        for name, message in errors.items():
            self.add_error(name if name in self.fields else None, message)
