"""What applicants and reviewers of exclusions and appeals fill in; the rules are the domain's."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.cases.widgets import PhraseTextarea, UploadWidget
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.exclusions import ExclusionKind
from huiyin.evaluation.review_lists import reasons
from huiyin.ui.widgets import ChoiceButtons

NOT_TAKEN = 400
_GROUNDS = (
    _("经现场核实，诉求所述情况不存在，附现场照片。"),
    _("该事项已进入诉讼（仲裁）程序，附受理通知书。"),
    _("诉求人已书面明确撤回，附撤回说明。"),
)
_APPEAL_GROUNDS = (
    _("我单位在时限内已联系诉求人，附通话记录。"),
    _("问题已解决，附现场照片和诉求人确认。"),
    _("诉求人所评价的不是本单位承办的事项。"),
)
_VERDICTS = (_("理由充分，佐证齐全，符合剔除情形。"), _("佐证不足以证明所述情况。"), _("不属于所列的剔除情形。"))
_RULINGS = (_("复访诉求人，确认原结果有误。"), _("复访诉求人，确认原结果无误。"), _("复访三次未接通，维持原结果。"))
_FINDINGS = (
    _("抽查相关案件，未发现异常，属正常波动。"),
    _("抽查相关案件，答复雷同且未实际办理，转督办。"),
    _("抽查相关案件，评价并非诉求人本人作出，转监督处理。"),
)


class _Refusing(forms.Form):
    """Shows the domain's refusal at the field concerned, in place of Django's own words about it."""

    def refuse(self, refusal: DomainError) -> None:
        errors = refusal.errors if isinstance(refusal, InvalidData) else {refusal.field or "": refusal.message}
        for name, message in errors.items():
            self.errors.pop(name, None)
            self.add_error(name if name in self.fields else None, message)


class _Asking(_Refusing):
    files = forms.CharField(label=_("佐证材料"), required=False, widget=UploadWidget())

    def kept(self, sent: Iterable[int]) -> list[int]:
        """Files that were sent ahead, and those that came with the form (`sent`)."""
        given = [int(one) for one in self.data.getlist("files") if str(one).isdecimal() and len(str(one)) < 19]
        return [*given, *sent]


class ApplyForm(_Asking):
    kind = forms.ChoiceField(
        label=_("申请"),
        choices=ExclusionKind.choices(),
        widget=ChoiceButtons,
        initial=str(ExclusionKind.EXCLUSION),
        help_text=_("剔除：此件不参加考评。不计入诉求总量：此件不算本单位的诉求量，如全国性平台的消费投诉。"),
    )
    reason_code = forms.ChoiceField(label=_("理由"), widget=forms.Select)
    platform = forms.CharField(
        label=_("平台名称"), required=False, max_length=80, help_text=_("全国性网络平台的消费投诉填写，其他不填。")
    )
    grounds = forms.CharField(
        label=_("情况说明"), max_length=2000, widget=PhraseTextarea(phrases=_GROUNDS, attrs={"rows": 4})
    )
    field_order = ("kind", "reason_code", "platform", "grounds", "files")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="apply_%s", **kwargs)
        self.fields["reason_code"].choices = [("", _("请选择")), *reasons().items()]  # type: ignore[attr-defined]


class AppealForm(_Asking):
    grounds = forms.CharField(
        label=_("申诉理由"),
        max_length=2000,
        widget=PhraseTextarea(phrases=_APPEAL_GROUNDS, attrs={"rows": 4}),
        help_text=_("写明回访结果哪里与事实不符，并附通话记录、现场照片等。另一位回访员会再次联系诉求人。"),
    )
    field_order = ("grounds", "files")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="appeal_%s", **kwargs)


class VerdictForm(_Refusing):
    """Two buttons give the verdict, this is the reason that the unit reads."""

    reason = forms.CharField(
        label=_("理由（申请单位可见）"),
        max_length=NOT_TAKEN,
        widget=PhraseTextarea(phrases=_VERDICTS, attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="verdict_%s", **kwargs)


class RulingForm(VerdictForm):
    reason = forms.CharField(
        label=_("复访情况（申诉单位可见）"),
        max_length=NOT_TAKEN,
        widget=PhraseTextarea(phrases=_RULINGS, attrs={"rows": 3}),
    )


class FindingForm(_Refusing):
    finding = forms.CharField(
        label=_("核查结论"), max_length=NOT_TAKEN, widget=PhraseTextarea(phrases=_FINDINGS, attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="finding_%s", **kwargs)
