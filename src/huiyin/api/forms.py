"""The room's forms: a token, a webhook."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.forms import unit_field
from huiyin.accounts.models import Staff
from huiyin.api import tokens
from huiyin.api.scopes import Scope
from huiyin.domain.actions import Action
from huiyin.domain.errors import InvalidData
from huiyin.ui.forms import NamesWhatIsMissing
from huiyin.ui.widgets import ChoiceTicks

_DAYS = [("30", _("30天")), ("90", _("90天")), ("365", _("1年")), ("730", _("2年"))]


class TokenForm(NamesWhatIsMissing, forms.Form):
    name = forms.CharField(
        label=_("用途"),
        min_length=2,
        max_length=60,
        help_text=_("例如：朝阳区接诉即办平台"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    staff_no = forms.CharField(
        label=_("账号（工号）"),
        max_length=32,
        help_text=_("令牌以此账号的岗位和范围办事；建议为对方系统单设账号"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(label=_("权限"), choices=Scope.choices(), widget=ChoiceTicks)
    days = forms.TypedChoiceField(label=_("有效期"), choices=_DAYS, coerce=int, initial="365")
    per_minute = forms.IntegerField(
        label=_("每分钟次数"), min_value=1, max_value=tokens.MOST_PER_MINUTE, initial=tokens.DEFAULT_PER_MINUTE
    )

    def clean_staff_no(self) -> Staff:
        staff = Staff.objects.filter(staff_no=self.cleaned_data["staff_no"].strip(), is_active=True).first()
        if staff is None:
            raise forms.ValidationError(_("没有这个工号的在用账号，请核对。"))
        return staff


class WebhookForm(NamesWhatIsMissing, forms.Form):
    name = forms.CharField(
        label=_("对方系统"), min_length=2, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    url = forms.CharField(
        label=_("地址"),
        max_length=500,
        help_text=_("接收推送的 https:// 地址"),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    unit = unit_field(required=False)
    events = forms.MultipleChoiceField(
        label=_("事件"),
        required=False,
        choices=Action.choices(),
        widget=ChoiceTicks,
        help_text=_("一个都不选即推送全部"),
    )
    confidential = forms.BooleanField(label=_("包含保密件"), required=False)


def take_errors(form: forms.Form, wrong: InvalidData, names: dict[str, str] | None = None) -> None:
    """Puts the messages of a refusal at their fields; those of no field above the form."""
    known: dict[str, Any] = form.fields
    for name, message in wrong.errors.items():
        field = (names or {}).get(name, name)
        form.add_error(field if field in known else None, message)
