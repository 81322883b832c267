"""The citizen's forms: few fields, kind words; the domain decides, its refusals appear at the fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models import Case
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.moves.callback import UNSOLVABLE
from huiyin.domain.vocabulary import Attitude, Channel, Satisfaction
from huiyin.ui.widgets import ChoiceButtons

_CHANNELS = (Channel.WEB, Channel.WECHAT)
_MOST_WORDS = 4000


class _CitizenForm(forms.Form):
    def refuse(self, refusal: DomainError) -> None:
        """Shows why at the field concerned, or above the form."""
        errors = refusal.errors if isinstance(refusal, InvalidData) else {refusal.field or "": refusal.message}
        for name, message in errors.items():
            self.add_error(name if name in self.fields else None, message)


class ReportForm(_CitizenForm):
    """反映: everything may be wrong at once and is told at once; what is optional is never asked for twice."""

    content = forms.CharField(
        label=_("发生了什么？"),
        help_text=_("用自己的话说就行：什么时候、在哪里、什么问题、希望怎么解决。"),
        min_length=4,
        max_length=_MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("请写一写发生了什么"),
            "min_length": _("请再多写几个字，说清楚是什么事"),
            "max_length": _("写得太长了，请控制在4000字以内；详细材料可以拍照上传"),
        },
    )
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    place_text = forms.CharField(required=False, widget=forms.HiddenInput)
    address = forms.CharField(
        label=_("详细地址"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("例如：3号楼2单元门口")}),
        error_messages={"max_length": _("地址太长了，请控制在120字以内")},
    )
    phone = forms.CharField(
        label=_("您的手机号"),
        help_text=_("承办单位要打电话向您了解情况、答复结果。"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("请留下电话，不然办好了没法答复您"), "max_length": _("电话号码太长了，请检查")},
    )
    requester_name = forms.CharField(
        label=_("怎么称呼您"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name", "placeholder": _("例如：王女士")}),
        error_messages={"max_length": _("称呼太长了，请控制在60字以内")},
    )
    anonymous = forms.BooleanField(
        label=_("对承办单位隐去身份"),
        required=False,
        help_text=_("办理单位看不到您的姓名和电话，由12345热线转达。"),
    )
    confidential = forms.BooleanField(
        label=_("保密办理"),
        required=False,
        help_text=_("只有少数经授权的工作人员能看到这件诉求。"),
    )
    # What nobody sees has no limits of its own: a message there would reach nobody.
    channel = forms.CharField(required=False, widget=forms.HiddenInput)
    lon = forms.CharField(required=False, widget=forms.HiddenInput)
    lat = forms.CharField(required=False, widget=forms.HiddenInput)
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    # A trap for machines that fill in every field; people neither see nor reach it.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_channel(self) -> str:
        given = self.cleaned_data["channel"]
        return str(given if given in _CHANNELS else Channel.WEB)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("website"):
            # Not thrown away in silence: a browser that fills in too much belongs to a person, too.
            self.add_error(
                None, _("还没有提交：有一栏隐藏的内容被自动填上了，我们已将它清空。请再点一次“提交”，或拨打12345。")
            )
        return self.cleaned_data


class FindForm(_CitizenForm):
    number = forms.CharField(
        label=_("编号"),
        required=False,
        max_length=40,
        help_text=_("17位数字，在回执或短信里"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "portal-digits"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        required=False,
        max_length=20,
        help_text=_("6位数字，和编号在一起"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "portal-digits"}),
    )


class SupplementForm(_CitizenForm):
    note = forms.CharField(
        label=_("补充什么情况？"),
        min_length=2,
        max_length=_MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("请写一写要补充的情况"),
            "min_length": _("请再多写几个字"),
            "max_length": _("写得太长了，请控制在4000字以内"),
        },
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)


_YES_NO = [("yes", _("是")), ("no", _("否"))]


class JudgementForm(_CitizenForm):
    """评价: the callback's own three questions; matters that cannot be solved are not asked about.

    `again`: there is a result already, and the citizen says why another answer is given.
    """

    contacted = forms.ChoiceField(label=_("承办单位联系您了吗？"), choices=_YES_NO, widget=ChoiceButtons)
    solved = forms.ChoiceField(label=_("问题解决了吗？"), choices=_YES_NO, widget=ChoiceButtons)
    satisfaction = forms.ChoiceField(label=_("对办理满意吗？"), choices=Satisfaction.choices(), widget=ChoiceButtons)
    attitude = forms.ChoiceField(
        label=_("工作人员态度怎么样？"), choices=Attitude.choices(), widget=ChoiceButtons, required=False
    )
    reason = forms.CharField(
        label=_("为什么再次评价？"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("例如：后来问题又出现了")}),
        error_messages={"max_length": _("请控制在200字以内")},
    )
    remark = forms.CharField(
        label=_("还想说点什么？"),
        required=False,
        max_length=_MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("写得太长了，请控制在4000字以内")},
    )

    def __init__(self, case: Case, *args: Any, again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case.request_type in UNSOLVABLE:
            del self.fields["solved"]
        if not again:
            del self.fields["reason"]
        for field in self.fields.values():
            field.error_messages["required"] = _("请选一项")
