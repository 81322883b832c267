"""The one thing asked before a model or the switch is moved: why."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"),
        min_length=2,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明理由"), "min_length": _("请写明理由")},
    )
