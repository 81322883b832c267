"""What the action forms are filled with: phrases to press, units, files with previews; and the words for chosen ids."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from huiyin.cases import attachments, numbers
from huiyin.cases.file_types import ACCEPT
from huiyin.cases.models import Attachment, Case
from huiyin.registry import directory, rulebook
from huiyin.ui.widgets import ChoiceButtons, ComboboxWidget

_CO_UNITS = 3
_DIGITS = 19  # of a number that the database can hold


class BigChoice(ChoiceButtons):
    """是 / 否 as two large buttons."""

    template_name = "cases/widgets/big_choice.html"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that also say what other fields hold: `sets` is "name=value name=value"."""

    words: Any
    sets: str

    def __str__(self) -> str:
        return str(self.words)


class PhraseTextarea(forms.Textarea):
    """Free words, with phrases above that fill them in one press."""

    template_name = "cases/widgets/phrases.html"

    def __init__(self, phrases: Sequence[Any], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.phrases = phrases

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "phrases": self.phrases}


class UnitsWidget(forms.Widget):
    """Several units: one type-ahead each."""

    template_name = "cases/widgets/units.html"

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value for value in data.getlist(name) if value]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = [*(value or []), *[""] * _CO_UNITS][:_CO_UNITS]
        boxes = [ComboboxWidget(self.url, text_of=unit_text, aria_label=f"协办单位{n + 1}") for n in range(_CO_UNITS)]
        given = context["widget"]["attrs"]
        context["boxes"] = [
            box.get_context(name, one, {**given, "id": f"{given.get('id', name)}_{n}" if n else given.get("id", name)})
            for n, (box, one) in enumerate(zip(boxes, chosen, strict=True))
        ]
        return context

    def id_for_label(self, id_: str) -> str:
        return id_


class UploadWidget(forms.Widget):
    """Files: sent as soon as they are chosen, shown as tiles; without scripts they travel with the form."""

    template_name = "cases/widgets/upload.html"
    needs_multipart_form = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value for value in data.getlist(name) if value]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        numbers_given = [int(one) for one in value or [] if str(one).isdecimal() and len(str(one)) < _DIGITS]
        return {
            **context,
            "accept": ACCEPT,
            "most": attachments.MOST_AT_ONCE,
            "kept": Attachment.objects.filter(pk__in=numbers_given, case__isnull=True) if numbers_given else [],
        }


def unit_text(value: Any) -> str:
    info = directory.units().get(int(value)) if str(value).isdecimal() else None
    return info.name if info else ""


def area_text(value: Any) -> str:
    info = directory.areas().get(int(value)) if str(value).isdecimal() else None
    return info.name if info else ""


def class_text(edition_id: int) -> Callable[[Any], str]:
    def text(value: Any) -> str:
        info = rulebook.taxonomy(edition_id).get(str(value))
        return info.path if info else ""

    return text


def case_text(value: Any) -> str:
    found = Case.objects.filter(pk=value).values_list("case_no", flat=True).first() if str(value).isdecimal() else None
    return numbers.grouped(found) if found else ""
