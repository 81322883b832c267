"""The forms of the editor pages: what may be entered, and a Chinese message at the field where it may not."""

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.numerals import whole
from huiyin.domain.vocabulary import AreaKind, UnitKind
from huiyin.registry import directory
from huiyin.registry.models import Area, PlaceName, Unit
from huiyin.registry.notices import NoticeDay, UnreadableNotice, read_notice
from huiyin.ui.widgets import ChoiceButtons, ComboboxWidget

_UNIT_OPTIONS = reverse_lazy("registry:unit_options")
_AREA_OPTIONS = reverse_lazy("registry:area_options")
_ABOVE = {
    UnitKind.DISTRICT_BUREAU: (UnitKind.DISTRICT_GOV,),
    UnitKind.STREET: (UnitKind.DISTRICT_GOV,),
    UnitKind.COMMUNITY: (UnitKind.STREET,),
}
_AREA_ABOVE = {
    AreaKind.DISTRICT: (AreaKind.CITY,),
    AreaKind.STREET: (AreaKind.DISTRICT,),
    AreaKind.COMMUNITY: (AreaKind.STREET, AreaKind.DISTRICT),
}
_KIND_OF_AREA = {
    UnitKind.DISTRICT_GOV: AreaKind.DISTRICT,
    UnitKind.STREET: AreaKind.STREET,
    UnitKind.COMMUNITY: AreaKind.COMMUNITY,
}


def name_of_unit(unit_id: Any) -> str:
    found = directory.find_unit(whole(str(unit_id)))
    return found.name if found else ""


def name_of_area(area_id: Any) -> str:
    found = directory.find_area(whole(str(area_id)))
    return found.name if found else ""


def unit_box(*kinds: UnitKind) -> ComboboxWidget:
    """Of all units, or of some kinds."""
    url = format_lazy("{}?kind={}", _UNIT_OPTIONS, ",".join(kinds)) if kinds else _UNIT_OPTIONS
    return ComboboxWidget(url, text_of=name_of_unit, placeholder=_l("名称、拼音首字母或代码"))


def area_box() -> ComboboxWidget:
    return ComboboxWidget(_AREA_OPTIONS, text_of=name_of_area, placeholder=_l("名称、拼音首字母或代码"))


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class SplitField(forms.CharField):
    """Several short texts in one line, apart from each other by 、 or | or a comma."""

    def __init__(self, *, longest: int, **given: Any) -> None:
        self.longest = longest
        super().__init__(**given)

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        for mark in "|，,；;\n":
            text = text.replace(mark, "、")
        words = list(dict.fromkeys(word.strip() for word in text.split("、") if word.strip()))
        too_long = next((word for word in words if len(word) > self.longest), None)
        if too_long:
            raise forms.ValidationError(
                _("“%(word)s”过长，每个最多 %(most)s 字") % {"word": too_long, "most": self.longest}
            )
        return words


class DatedForm(forms.ModelForm):
    """A row that holds from a day and perhaps to a day; its code is given once."""

    given_once: ClassVar[tuple[str, ...]] = ("code", "kind")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if self.instance.pk:
            for name in self.given_once:
                self.fields.pop(name, None)
        elif "valid_from" in self.fields:
            self.fields["valid_from"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("失效日期不能早于生效日期"))
        return data


class UnitForm(DatedForm):
    class Meta:
        model = Unit
        fields: ClassVar[list[str]] = [
            "code",
            "kind",
            "name",
            "short_name",
            "parent",
            "area",
            "service",
            "phone",
            "valid_from",
            "valid_to",
        ]
        widgets: ClassVar[dict[str, Any]] = {
            "parent": unit_box(),
            "area": area_box(),
            "valid_from": day_input(),
            "valid_to": day_input(),
        }
        help_texts: ClassVar[dict[str, Any]] = {
            "service": _l("公共服务企业填写，如 供热、燃气；派单目录可按此查找"),
            "valid_to": _l("撤销或合并的单位填写；此日之后不再派单，历史案件不受影响"),
        }

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not code.replace("-", "").isalnum() or not code.isascii():
            raise forms.ValidationError(_("代码只能用字母、数字和短横"))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind = UnitKind(data.get("kind") or self.instance.kind or UnitKind.MUNICIPAL_DEPT)
        self._check_parent(kind, data.get("parent"))
        self._check_area(kind, data.get("area"))
        if kind == UnitKind.HOTLINE and Unit.objects.filter(kind=kind).exclude(pk=self.instance.pk).exists():
            self.add_error("kind", _("热线中心只能有一个"))
        return data

    def _check_parent(self, kind: UnitKind, parent: Unit | None) -> None:
        if parent is not None and self.instance.pk and parent.pk in directory.subtree_unit_ids(self.instance.pk):
            self.add_error("parent", _("上级不能是本单位或其下级"))
            return
        allowed = _ABOVE.get(kind)
        if allowed is None:
            return
        if parent is None:
            self.add_error("parent", _("%s须有上级单位") % kind.label)
        elif UnitKind(parent.kind) not in allowed:
            words = "、".join(above.label for above in allowed)
            self.add_error("parent", _("%(kind)s的上级须是%(above)s") % {"kind": kind.label, "above": words})

    def _check_area(self, kind: UnitKind, area: Area | None) -> None:
        wanted = _KIND_OF_AREA.get(kind)
        if wanted is None or (area is not None and area.kind == wanted.value):
            return
        self.add_error("area", _("请选择%s一级的管辖区域") % wanted.label)

    def save(self, commit: bool = True) -> Unit:
        self.instance.district_id = self.instance.area.district_id if self.instance.area else None
        return super().save(commit)


class AreaForm(DatedForm):
    class Meta:
        model = Area
        fields: ClassVar[list[str]] = [
            "code",
            "kind",
            "name",
            "short_name",
            "parent",
            "district",
            "valid_from",
            "valid_to",
        ]
        widgets: ClassVar[dict[str, Any]] = {
            "parent": area_box(),
            "district": area_box(),
            "valid_from": day_input(),
            "valid_to": day_input(),
        }
        help_texts: ClassVar[dict[str, Any]] = {"district": _l("由哪个区管理；可与地理上级不同")}

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not (code.isascii() and code.isdigit() and 6 <= len(code) <= 12):
            raise forms.ValidationError(_("代码应为 6 至 12 位数字"))
        return code

    def clean_district(self) -> Area | None:
        district = self.cleaned_data["district"]
        if district is not None and district.kind != AreaKind.DISTRICT.value:
            raise forms.ValidationError(_("“%s”不是区") % district.name)
        return district

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        kind = AreaKind(data.get("kind") or self.instance.kind or AreaKind.COMMUNITY)
        if kind in (AreaKind.STREET, AreaKind.COMMUNITY):
            for name in ("parent", "district"):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, _("请选择"))
        parent, allowed = data.get("parent"), _AREA_ABOVE.get(kind, ())
        if parent is not None and AreaKind(parent.kind) not in allowed:
            words = "或".join(above.label for above in allowed) or _("空")
            self.add_error("parent", _("%(kind)s的上级应为%(above)s") % {"kind": kind.label, "above": words})
        return data


class PlaceForm(DatedForm):
    aliases = SplitField(label=_l("别名"), longest=60, required=False, help_text=_l("多个别名用顿号分开"))

    class Meta:
        model = PlaceName
        fields: ClassVar[list[str]] = [
            "name",
            "kind",
            "aliases",
            "street",
            "community",
            "lon",
            "lat",
            "valid_from",
            "valid_to",
        ]
        widgets: ClassVar[dict[str, Any]] = {
            "street": area_box(),
            "community": area_box(),
            "valid_from": day_input(),
            "valid_to": day_input(),
        }

    given_once: ClassVar[tuple[str, ...]] = ()

    def clean_street(self) -> Area:
        street = self.cleaned_data["street"]
        if street.kind != AreaKind.STREET.value:
            raise forms.ValidationError(_("请选择街道（乡镇）"))
        return street

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        street, community = data.get("street"), data.get("community")
        if street and community and community.parent_id != street.pk:
            self.add_error("community", _("该社区不在所选街道（乡镇）内"))
        for name, low, high in (("lon", 73, 136), ("lat", 3, 54)):
            value = data.get(name)
            if value is not None and not low <= value <= high:
                self.add_error(name, _("超出范围，应在 %(low)s 到 %(high)s 之间") % {"low": low, "high": high})
        return data


class NoticeForm(forms.Form):
    year = forms.IntegerField(label=_l("年份"), min_value=2000, max_value=2100)
    text = forms.CharField(
        label=_l("通知正文或逐日列表"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_l("粘贴国务院办公厅放假通知的正文；或每行一天：2027-01-01,休,元旦"),
    )
    days: "list[NoticeDay]"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "text" in data and "year" in data:
            try:
                self.days = read_notice(data["text"], year=data["year"])
            except UnreadableNotice as exc:
                self.add_error("text", str(exc))
            else:
                self._check_years(data["year"])
        return data

    def _check_years(self, year: int) -> None:
        """A notice may reach into the last days of the year before or the first of the year after."""
        strange = [day.day for day in self.days if abs((day.day - date(year, 7, 1)).days) > 200]
        if strange:
            self.add_error("text", _("日期 %(day)s 不在 %(year)s 年内") % {"day": strange[0], "year": year})


class DayForm(forms.Form):
    day = forms.DateField(label=_l("日期"), widget=day_input())
    worked = forms.ChoiceField(label=_l("安排"), choices=[("0", _l("放假")), ("1", _l("上班"))], widget=ChoiceButtons)
    name = forms.CharField(label=_l("名称"), max_length=40, required=False)


class DraftForm(forms.Form):
    note = forms.CharField(label=_l("修改说明"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class PublishForm(forms.Form):
    WHEN = (("now", _l("立即生效")), ("day", _l("自某日零时起生效")))
    when = forms.ChoiceField(label=_l("何时生效"), choices=WHEN, widget=ChoiceButtons, initial="day")
    day = forms.DateField(label=_l("生效日期"), required=False, widget=day_input())

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["day"].initial = timezone.localdate() + timedelta(days=1)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("when") == "day":
            day = data.get("day")
            if not day and "day" not in self.errors:
                self.add_error("day", _("请选择生效日期"))
            elif day and day <= timezone.localdate():
                self.add_error("day", _("生效日期须晚于今天；要今天生效请选“立即生效”"))
        return data

    def moment(self, now: datetime) -> datetime:
        day = self.cleaned_data["day"]
        return now if self.cleaned_data["when"] == "now" else datetime.combine(day, time(), tzinfo=CITY_ZONE)


class RegistryFilter(forms.Form):
    """The search above a list; unknown values are ignored, not refused."""

    q = forms.CharField(
        label=_l("查找"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"placeholder": _l("名称、首字母、代码")}),
    )
    kind = forms.ChoiceField(label=_l("类别"), required=False)
    district = forms.ChoiceField(label=_l("所属区"), required=False)
    ended = forms.BooleanField(label=_l("含已失效"), required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], with_district: bool = True, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["kind"].choices = [("", _("全部")), *kinds]  # type: ignore[attr-defined]
        if with_district:
            every = [(str(d.id), d.short_name) for d in directory.districts()]
            self.fields["district"].choices = [("", _("全市")), *every]  # type: ignore[attr-defined]
        else:
            del self.fields["district"]
