"""What a form says of a field left empty: which one it is and what to do, where Django's own words name nothing."""

from typing import Any

from django import forms
from django.forms.utils import pretty_name
from django.utils.translation import gettext as _

from huiyin.ui.widgets import ComboboxWidget

_CHOSEN = (forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.FileInput, ComboboxWidget)
_DJANGOS = forms.Field.default_error_messages["required"]


class NamesWhatIsMissing:
    """Before Form or ModelForm; words that a field brings of its own stay."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for name, field in self.fields.items():
            if field.required and field.error_messages.get("required") == _DJANGOS:
                field.error_messages["required"] = _asked_for(field, str(field.label or pretty_name(name)))


def _asked_for(field: forms.Field, label: str) -> str:
    words = _("请选择%(label)s") if isinstance(field.widget, _CHOSEN) else _("请填写%(label)s")
    return words % {"label": label}
