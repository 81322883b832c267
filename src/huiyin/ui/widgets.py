"""Form widgets of the house: the type-ahead as a Django widget, choices as a row of buttons."""

from typing import Any

from django import forms


class ComboboxWidget(forms.Widget):
    """A type-ahead. `text_of(value)` gives the words shown for a value already chosen."""

    template_name = "ui/widgets/combobox.html"

    def __init__(self, url: str, *, text_of: Any = None, attrs: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(attrs)
        self.url, self.text_of, self.options = url, text_of, options

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = context["widget"]["attrs"]
        text = self.text_of(value) if value and self.text_of else (value or "")
        context["box"] = {
            "min": 1,
            **self.options,
            "id": given.get("id", f"id_{name}"),
            "name": name,
            "url": str(self.url),
            "value": value or "",
            "text": text,
            "required": self.is_required,
            "described": given.get("aria-describedby", ""),
            "invalid": given.get("aria-invalid") == "true",
            "hotkey": given.get("data-hotkey", ""),
        }
        return context


class ChoiceButtons(forms.RadioSelect):
    """One of few: radio buttons that look like a row of buttons."""

    template_name = "ui/widgets/choices.html"


class ChoiceTicks(forms.CheckboxSelectMultiple):
    """Several of few, in the same look."""

    template_name = "ui/widgets/choices.html"
