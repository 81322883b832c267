"""The forms for the rows of an edition: classes, dispatch rules, limits, parameters, reasons."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from huiyin.domain.vocabulary import RequestType, UnitKind
from huiyin.registry.completeness import target_fault
from huiyin.registry.forms import SplitField, area_box, unit_box
from huiyin.registry.models import CaseClass, CatalogueRule, EditionKind, Limit, Parameter, Reason
from huiyin.registry.parameters import FLAG, PARAMETERS, BadParameter, parse_parameter
from huiyin.registry.scheme import faults_of
from huiyin.ui.widgets import ChoiceTicks


class CaseClassForm(forms.ModelForm):
    request_types = forms.MultipleChoiceField(label=_l("诉求类型"), choices=RequestType.choices(), widget=ChoiceTicks)
    keywords = SplitField(
        label=_l("关键词"), longest=30, required=False, help_text=_l("市民常用的说法，用顿号分开；用于查找和自动分类")
    )

    class Meta:
        model = CaseClass
        fields: ClassVar[list[str]] = [
            "code",
            "level1",
            "level2",
            "level3",
            "request_types",
            "default_unit_type",
            "default_department",
            "urgency",
            "dimension",
            "keywords",
        ]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            raise forms.ValidationError(_("代码应为 6 位数字，每级两位"))
        same = CaseClass.objects.filter(edition_id=self.instance.edition_id, code=code)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("本版本已有代码 %s") % code)
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_branches(data)
        kind, name = data.get("default_unit_type"), data.get("default_department", "")
        if kind and (fault := target_fault(UnitKind(kind), name)):
            self.add_error("default_department", fault)
        return data

    def _check_branches(self, data: dict[str, Any]) -> None:
        """One code, one name: a branch is not renamed in one of its leaves only."""
        others = CaseClass.objects.filter(edition_id=self.instance.edition_id).exclude(pk=self.instance.pk)
        for length, level in ((2, "level1"), (4, "level2")):
            prefix = data.get("code", "")[:length]
            if len(prefix) < length or not data.get(level):
                continue
            other = others.filter(code__startswith=prefix).exclude(**{level: data[level]}).first()
            if other is not None:
                said = {"prefix": prefix, "name": getattr(other, level)}
                self.add_error(level, _("本版本中 %(prefix)s 名为“%(name)s”，须一致") % said)


class CatalogueRuleForm(forms.ModelForm):
    class Meta:
        model = CatalogueRule
        fields: ClassVar[list[str]] = [
            "priority",
            "class_prefix",
            "area",
            "request_type",
            "word",
            "target_kind",
            "target_name",
            "target_unit",
            "note",
        ]
        widgets: ClassVar[dict[str, Any]] = {"area": area_box(), "target_unit": unit_box()}
        help_texts: ClassVar[dict[str, Any]] = {
            "class_prefix": _l("分类代码或其前 2、4 位；空为全部分类"),
            "area": _l("区或街道（乡镇）；空为全市"),
            "target_name": _l("市级部门、企业（或服务类别，如 供热）、区属部门（如 区教委）的名称"),
            "target_unit": _l("指定某一个单位时选择，优先于名称"),
        }

    def clean_class_prefix(self) -> str:
        prefix = self.cleaned_data["class_prefix"]
        if prefix and not (prefix.isascii() and prefix.isdigit() and len(prefix) in (2, 4, 6)):
            raise forms.ValidationError(_("应为 2、4 或 6 位数字"))
        return prefix

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, unit = data.get("target_kind"), data.get("target_unit")
        if unit is not None and kind and unit.kind != kind:
            self.add_error("target_unit", _("该单位是%s，与承办类别不符") % UnitKind(unit.kind).label)
        elif unit is None and kind and (fault := target_fault(UnitKind(kind), data.get("target_name", ""))):
            self.add_error("target_name", fault)
        return data


class LimitForm(forms.ModelForm):
    class Meta:
        model = Limit
        fields: ClassVar[list[str]] = ["grade", "clock", "amount", "unit"]

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        if self.instance.pk:
            del self.fields["grade"], self.fields["clock"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        same = Limit.objects.filter(
            edition_id=self.instance.edition_id, grade=data.get("grade"), clock=data.get("clock")
        )
        if not self.instance.pk and same.exists():
            self.add_error("clock", _("本版本已有这一分级、这一环节的时限"))
        return data

    def clean_amount(self) -> int:
        amount = self.cleaned_data["amount"]
        if not 1 <= amount <= 10_000:
            raise forms.ValidationError(_("时长应为 1 到 10000"))
        return amount


class ParameterForm(forms.ModelForm):
    class Meta:
        model = Parameter
        fields: ClassVar[list[str]] = ["value"]

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        kind = PARAMETERS.get(self.instance.key)
        value = self.fields["value"]
        value.label = self.instance.label
        if kind is FLAG:
            self.fields["value"] = forms.ChoiceField(label=value.label, choices=[("true", _("是")), ("false", _("否"))])
        elif kind is not None:
            value.help_text = kind.expected
            value.widget = forms.Textarea(attrs={"rows": 3}) if self.instance.value.count("|") else value.widget

    def clean_value(self) -> str:
        value = self.cleaned_data["value"].strip()
        if self.instance.edition.kind == EditionKind.EVALUATION:
            return self._of_scheme(value)
        try:
            parse_parameter(self.instance.key, value)
        except BadParameter as exc:
            raise forms.ValidationError(str(exc)) from exc
        return value

    def _of_scheme(self, value: str) -> str:
        """What does not fit with other figures (weights that sum to 1) is told when the scheme is published."""
        key = self.instance.key
        others = Parameter.objects.filter(edition_id=self.instance.edition_id).values_list("key", "value")
        fault = faults_of({**dict(others), key: value}).get(key)
        if fault:
            raise forms.ValidationError(fault)
        return value


class ReasonForm(forms.ModelForm):
    class Meta:
        model = Reason
        fields: ClassVar[list[str]] = ["kind", "code", "label", "parent"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rows = Reason.objects.filter(edition_id=self.instance.edition_id, kind=data.get("kind", ""))
        if rows.filter(code=data.get("code", "")).exclude(pk=self.instance.pk).exists():
            self.add_error("code", _("本版本已有这个代码"))
        parent = data.get("parent")
        if parent and not rows.filter(code=parent).exclude(pk=self.instance.pk).exists():
            self.add_error("parent", _("没有这个上级代码"))
        return data


# What an address of an editor page means: the table, its form, whether rows may be added and removed.
ROW_KINDS: dict[str, tuple[type[Model], type[forms.ModelForm], bool]] = {
    "class": (CaseClass, CaseClassForm, True),
    "rule": (CatalogueRule, CatalogueRuleForm, True),
    "limit": (Limit, LimitForm, True),
    "parameter": (Parameter, ParameterForm, False),
    "reason": (Reason, ReasonForm, True),
}


def class_names(edition_id: int) -> dict[str, str]:
    """Names of classes and of their branches by code, for showing a rule's prefix."""
    names: dict[str, str] = {}
    for row in CaseClass.objects.filter(edition_id=edition_id).only("code", "level1", "level2", "level3"):
        names[row.code] = f"{row.level2} › {row.level3}"
        names.setdefault(row.code[:4], f"{row.level1} › {row.level2}")
        names.setdefault(row.code[:2], row.level1)
    return names
