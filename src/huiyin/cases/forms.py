"""One form for every action, made from the fields that the action needs; the domain checks, the form shows why not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.models import Post
from huiyin.cases import widgets
from huiyin.cases.models import Case
from huiyin.cases.widgets import Phrase
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.fields import Field, FieldKind
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory, rulebook
from huiyin.ui.widgets import ChoiceButtons, ComboboxWidget

NEW_FILES = "new_files"
_MINUTE = timedelta(minutes=1)
_MOST_BUTTONS = 5
_SEQ_DIGITS = 10  # more than a case has events, and than the database could compare
_YES_NO = [("yes", _("是")), ("no", _("否"))]
# Words that people write every day, offered beside the registry's reasons; one press fills the field.
_PHRASES: Mapping[tuple[Action, str], tuple[Any, ...]] = {
    (Action.NOTE_CONTACT, "note"): (
        Phrase(_("已电话联系诉求人，核实情况并说明办理安排。"), "means=phone reached=yes"),
        Phrase(_("已上门见到诉求人，现场核实情况。"), "means=visit reached=yes"),
        Phrase(_("电话无人接听，已发短信告知，将再次联系。"), "means=phone reached=no"),
    ),
    (Action.ADD_NOTE, "note"): (_("已到现场核实。"), _("已安排施工，正在处理。"), _("已协调有关部门共同办理。")),
    (Action.URGE, "note"): (_("诉求人再次来电催促办理进度。"),),
    (Action.SUPERVISE, "note"): (_("请单位负责人牵头，抓紧办理并于到期前反馈结果。"),),
    (Action.CLOSE, "reason"): (_("诉求已办理并答复，予以办结。"),),
    (Action.REWORK, "reason"): (_("诉求人反映问题未解决，请重新办理并当面反馈。"),),
}
_LONG = {(Action.REPLY, "result"): 6, (Action.DIRECT_ANSWER, "answer"): 6}
# What most people would choose; only where a wrong guess does no harm.
_USUAL: Mapping[tuple[Action, str], str] = {
    (Action.NOTE_CONTACT, "means"): "phone",
    (Action.REPLY, "means"): "phone",
    (Action.RECORD_CALLBACK, "reached"): "yes",
    (Action.MARK_CONFIDENTIAL, "confidential"): "yes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the form offers beside the fields: the case it is for, the clock, values proposed for some fields."""

    case: Case
    now: datetime
    proposed: Mapping[str, Any] = field(default_factory=dict)


class ActionForm(forms.Form):
    """Shows an action's fields; `entered()` is what the desk is told, `refuse()` puts its refusal at the fields."""

    def __init__(
        self,
        action: Action,
        around: Around,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ) -> None:
        super().__init__(data, files, prefix=None, auto_id=f"{action}_%s")
        self.action, self.around = action, around
        self.specs = FIELDS[action]
        for spec in self.specs:
            self.fields[spec.name] = _made(spec, action, around)

    def full_clean(self) -> None:
        """The domain checks; Django's own checks would say the same in other words."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def entered(self, attachments: Iterable[int] = ()) -> dict[str, object]:
        """What was typed, as the domain's fields want it; `attachments` are files that came with this very post."""
        values: dict[str, object] = {}
        for spec in self.specs:
            value = _READERS.get(spec.kind, _read_text)(self.data, spec, self.around)
            if spec.kind is FieldKind.FILES:
                value = [*value, *attachments]
            values[spec.name] = value
        return _with_wider_areas(values, self.around.case) if self.action is Action.CORRECT else values

    def refuse(self, refusal: DomainError) -> None:
        """Shows why at the field concerned, or above the form."""
        errors = refusal.errors if isinstance(refusal, InvalidData) else {refusal.field or "": refusal.message}
        for name, message in errors.items():
            self.add_error(name if name in self.fields else None, message)

    @property
    def asks_nothing(self) -> bool:
        return not self.specs

    @property
    def takes_files(self) -> bool:
        return any(spec.kind is FieldKind.FILES for spec in self.specs)


def seen_seq(data: QueryDict, case: Case) -> int:
    """The version of the case that the page showed, by its hidden field; without one, the case as it is."""
    raw = data.get("seq") or str(case.seq)
    if not raw.isdecimal() or len(raw) >= _SEQ_DIGITS:
        raise InvalidData({"seq": "页面内容有误，请刷新后再操作。"})
    return int(raw)


def _made(spec: Field, action: Action, around: Around) -> forms.Field:
    made = _MAKERS[spec.kind](spec, action, around)
    made.label, made.help_text, made.required = spec.label, spec.help, spec.required
    made.widget.is_required = spec.required
    made.initial = _proposed(spec, action, around)
    return made


def _proposed(spec: Field, action: Action, around: Around) -> Any:
    if spec.name in around.proposed:
        return around.proposed[spec.name]
    if action is Action.CORRECT and spec.name != "reason":
        return getattr(around.case, spec.name)
    if spec.kind is FieldKind.TIME and spec.required:
        return f"{timezone.localtime(around.now):%Y-%m-%dT%H:%M}"
    return _USUAL.get((action, spec.name))


def _text(spec: Field, action: Action, around: Around) -> forms.Field:
    return forms.CharField(widget=forms.TextInput(attrs={"maxlength": spec.max_length, "autocomplete": "off"}))


def _long_text(spec: Field, action: Action, around: Around) -> forms.Field:
    offered = (
        [reason.label for reason in rulebook.reasons(spec.reasons, around.case.limits_edition_id)]
        if spec.reasons
        else []
    )
    phrases = [*offered, *_PHRASES.get((action, spec.name), ())]
    rows = _LONG.get((action, spec.name), 3)
    return forms.CharField(widget=widgets.PhraseTextarea(phrases, attrs={"rows": rows, "maxlength": spec.max_length}))


def _choice(spec: Field, action: Action, around: Around) -> forms.Field:
    assert spec.choices is not None
    choices = spec.choices.choices()
    if len(choices) <= _MOST_BUTTONS:
        return forms.ChoiceField(choices=choices, widget=ChoiceButtons)
    return forms.ChoiceField(choices=[("", _("请选择")), *choices])


def _yes_no(spec: Field, action: Action, around: Around) -> forms.Field:
    return forms.ChoiceField(choices=_YES_NO, widget=widgets.BigChoice)


def _time(spec: Field, action: Action, around: Around) -> forms.Field:
    return forms.CharField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))


def _unit(spec: Field, action: Action, around: Around) -> forms.Field:
    below = action is Action.HAND_DOWN
    url = _options("units") + (f"?below={around.case.lead_unit_id}" if below else "")
    placeholder = _("单位名称、拼音首字母或代码")
    return forms.CharField(
        widget=ComboboxWidget(url, text_of=widgets.unit_text, min=0 if below else 1, placeholder=placeholder)
    )


def _units(spec: Field, action: Action, around: Around) -> forms.Field:
    return forms.CharField(widget=widgets.UnitsWidget(_options("units")))


def _staff(spec: Field, action: Action, around: Around) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("请选择")), *handlers_of(around.case)])


def _area(spec: Field, action: Action, around: Around) -> forms.Field:
    url = f"{_options('areas')}?kind={spec.name.removesuffix('_id')}"
    return forms.CharField(widget=ComboboxWidget(url, text_of=widgets.area_text, placeholder=_("名称或拼音首字母")))


def _class(spec: Field, action: Action, around: Around) -> forms.Field:
    text_of = widgets.class_text(around.case.taxonomy_edition_id)
    return forms.CharField(
        widget=ComboboxWidget(_options("classes"), text_of=text_of, placeholder=_("词语、拼音首字母或代码"))
    )


def _case(spec: Field, action: Action, around: Around) -> forms.Field:
    url = f"{_options('cases')}?for={around.case.case_no}"
    return forms.CharField(
        widget=ComboboxWidget(url, text_of=widgets.case_text, min=0, placeholder=_("案件编号；下方列出相似案件"))
    )


def _files(spec: Field, action: Action, around: Around) -> forms.Field:
    return forms.CharField(widget=widgets.UploadWidget())


def _options(kind: str) -> str:
    return reverse("cases:options", args=[kind])


def handlers_of(case: Case) -> list[tuple[int, str]]:
    """The people who handle cases at the units that have this one; one query."""
    units = [unit for unit in (case.lead_unit_id, case.sub_unit_id) if unit]
    posts = (
        Post.objects.valid_on(timezone.localdate())
        .filter(unit_id__in=units, role__in=[Role.HANDLER, Role.UNIT_HEAD], staff__is_active=True)
        .order_by("unit_id", "staff__name")
        .values_list("staff_id", "staff__name", "unit_id")
    )
    named = {}
    for staff_id, name, unit_id in posts:
        where = f"（{directory.unit(unit_id).short_name}）" if len(units) > 1 else ""
        named[staff_id] = f"{name}{where}"
    return list(named.items())


def _read_text(data: Any, spec: Field, around: Around) -> Any:
    return data.get(spec.name, "")


def _read_time(data: Any, spec: Field, around: Around) -> Any:
    """The browser tells minutes of the city's time; the minute of the dispatch means after it."""
    raw = data.get(spec.name, "").strip()
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        return raw
    moment = moment if moment.tzinfo else moment.replace(tzinfo=CITY_ZONE)
    dispatched_at = around.case.dispatched_at
    if dispatched_at is not None and moment < dispatched_at < moment + _MINUTE:
        moment = dispatched_at
    return moment.isoformat()


def _read_many(data: Any, spec: Field, around: Around) -> list[str]:
    return [value for value in data.getlist(spec.name) if value]


def _with_wider_areas(values: dict[str, object], case: Case) -> dict[str, object]:
    """A corrected street or community names the areas around it, so that nobody has to change all three."""
    filled = dict(values)
    for narrow, wide in (("community_id", "street_id"), ("street_id", "district_id")):
        raw = str(filled.get(narrow) or "")
        area = directory.areas().get(int(raw)) if raw.isdecimal() and raw != str(getattr(case, narrow)) else None
        if area is not None:
            filled[wide] = str(area.parent_id if narrow == "community_id" else area.district_id)
    return filled


_MAKERS: Mapping[FieldKind, Callable[[Field, Action, Around], forms.Field]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _long_text,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
    FieldKind.TIME: _time,
    FieldKind.UNIT: _unit,
    FieldKind.UNITS: _units,
    FieldKind.STAFF: _staff,
    FieldKind.AREA: _area,
    FieldKind.CLASS: _class,
    FieldKind.CASE: _case,
    FieldKind.FILES: _files,
}
_READERS: Mapping[FieldKind, Callable[[Any, Field, Around], Any]] = {
    FieldKind.TIME: _read_time,
    FieldKind.UNITS: _read_many,
    FieldKind.FILES: _read_many,
}
