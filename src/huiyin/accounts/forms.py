"""The room's forms: a person, a post, the filters of lists."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.models import Staff
from huiyin.accounts.models.looks import RevealedField
from huiyin.domain.numerals import whole
from huiyin.domain.vocabulary import HOTLINE_ROLES, Role, UnitKind
from huiyin.registry import directory
from huiyin.ui.forms import NamesWhatIsMissing
from huiyin.ui.widgets import ComboboxWidget


def unit_name(value: Any) -> str:
    unit = directory.find_unit(whole(str(value)))
    return unit.name if unit else ""


def unit_field(*, required: bool = True) -> forms.IntegerField:
    widget = ComboboxWidget(
        reverse_lazy("accounts:unit_options"), text_of=unit_name, placeholder=_("输入单位名称或拼音首字母")
    )
    return forms.IntegerField(label=_("单位"), required=required, widget=widget)


class StaffForm(NamesWhatIsMissing, forms.ModelForm):
    class Meta:
        model = Staff
        fields = ("name", "staff_no", "username", "phone")
        labels = {"username": _("登录名"), "phone": _("联系电话（选填）")}
        help_texts = {"username": _("用于登录，可用字母、数字和 . - _")}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "username": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "phone": forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        }
        error_messages = {
            "username": {"unique": _("这个登录名已有人使用。")},
            "staff_no": {"unique": _("这个工号已有人使用。")},
        }


class PostForm(NamesWhatIsMissing, forms.Form):
    role = forms.ChoiceField(label=_("岗位"), choices=Role.choices())
    unit = unit_field()

    def clean_unit(self) -> int:
        unit_id: int = self.cleaned_data["unit"]
        if unit_id not in directory.units():
            raise forms.ValidationError(_("请从列表中选择单位。"))
        return unit_id

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        unit = directory.units().get(given.get("unit") or 0)
        if given.get("role") in HOTLINE_ROLES and unit is not None and unit.kind is not UnitKind.HOTLINE:
            self.add_error("unit", _("话务员、派单员、回访员、考评员是热线的岗位，请选择热线中心。"))
        return given


class StaffFilter(forms.Form):
    q = forms.CharField(label=_("姓名、工号或登录名"), required=False)
    role = forms.ChoiceField(label=_("岗位"), required=False, choices=[("", _("全部岗位")), *Role.choices()])
    unit = unit_field(required=False)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), ("active", _("在用")), ("stopped", _("停用"))]
    )
    after = forms.CharField(required=False, widget=forms.HiddenInput)


class LookFilter(forms.Form):
    kind = forms.ChoiceField(required=False, choices=[("reveals", ""), ("looks", "")], widget=forms.HiddenInput)
    who = forms.CharField(label=_("查阅人（姓名或工号）"), required=False)
    case = forms.CharField(label=_("案件编号"), required=False, max_length=40)
    field = forms.ChoiceField(label=_("内容"), required=False, choices=[("", _("全部")), *RevealedField.choices])
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
