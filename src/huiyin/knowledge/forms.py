"""The editor's form: what an entry says, where it comes from, where and how long it holds."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from huiyin.knowledge.models import EntryVersion
from huiyin.knowledge.writing import Content
from huiyin.registry import directory, rulebook
from huiyin.registry.forms import area_box, day_input, unit_box
from huiyin.ui.widgets import ComboboxWidget

_REVIEW_AFTER = timedelta(days=180)
_LONGEST_QUESTION = 120


def _class_name(code: Any) -> str:
    taxonomy = rulebook.taxonomy(rulebook.current(timezone.now()).taxonomy_id)
    return taxonomy[code].level3 if code in taxonomy else str(code)


class EntryForm(forms.Form):
    title = forms.CharField(label=_l("标题"), max_length=120)
    questions = forms.CharField(
        label=_l("问法"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_l("市民会怎么问，一行一种；写得越像口语，越容易找到"),
    )
    answer = forms.CharField(
        label=_l("答复"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_l("可以直接念给市民听的话；分行写步骤"),
    )
    source = forms.CharField(label=_l("来源文件"), max_length=200, help_text=_l("文件名和文号，或网页标题"))
    issuer = forms.CharField(label=_l("发布单位"), max_length=80, required=False)
    link = forms.URLField(label=_l("链接"), max_length=400, required=False, assume_scheme="https")
    area = forms.IntegerField(label=_l("适用区域"), required=False, widget=area_box(), help_text=_l("不填为全市"))
    owner = forms.IntegerField(label=_l("责任单位"), widget=unit_box())
    class_code = forms.CharField(
        label=_l("类别"),
        required=False,
        max_length=12,
        widget=ComboboxWidget(
            reverse_lazy("registry:class_options"), text_of=_class_name, placeholder=_l("名称或代码")
        ),
    )
    valid_from = forms.DateField(label=_l("生效日期"), widget=day_input())
    valid_until = forms.DateField(label=_l("有效期至"), required=False, widget=day_input(), help_text=_l("不填为长期"))
    review_date = forms.DateField(label=_l("复核日期"), required=False, widget=day_input())
    public = forms.BooleanField(label=_l("对市民公开"), required=False)
    note = forms.CharField(label=_l("修改说明"), max_length=200, required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def clean_questions(self) -> tuple[str, ...]:
        lines = dict.fromkeys(line.strip() for line in self.cleaned_data["questions"].splitlines() if line.strip())
        long = next((line for line in lines if len(line) > _LONGEST_QUESTION), None)
        if long:
            raise forms.ValidationError(_("每种问法不超过 %(n)d 字：%(what)s…") % {"n": 120, "what": long[:20]})
        return tuple(lines)

    def clean_area(self) -> int | None:
        value: int | None = self.cleaned_data["area"]
        if value and directory.find_area(value) is None:
            raise forms.ValidationError(_("没有这个区域，请从列表中选择"))
        return value

    def clean_owner(self) -> int:
        value: int = self.cleaned_data["owner"]
        if directory.find_unit(value) is None:
            raise forms.ValidationError(_("没有这个单位，请从列表中选择"))
        return value

    def content(self) -> Content:
        data = self.cleaned_data
        return Content(
            title=data["title"].strip(),
            questions=data["questions"],
            answer=data["answer"].strip(),
            source=data["source"].strip(),
            issuer=data["issuer"].strip(),
            link=data["link"],
            area_id=data["area"],
            owner_id=data["owner"],
            class_codes=(data["class_code"],) if data["class_code"] else (),
            valid_from=data["valid_from"],
            valid_until=data["valid_until"],
            review_date=data["review_date"],
            public=data["public"],
            note=data["note"],
        )


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_l("停用原因"), max_length=200)


class UploadForm(forms.Form):
    file = forms.FileField(label=_l("文件"), help_text=_l("CSV 或 Excel（.xlsx），列名见下"))
    public = forms.BooleanField(label=_l("全部对市民公开"), required=False)


def blank(today: date, *, owner_id: int | None) -> dict[str, Any]:
    return {"valid_from": today, "review_date": today + _REVIEW_AFTER, "owner": owner_id}


def initial_of(version: EntryVersion) -> dict[str, Any]:
    return {
        "title": version.title,
        "questions": "\n".join(version.questions),
        "answer": version.answer,
        "source": version.source,
        "issuer": version.issuer,
        "link": version.link,
        "area": version.area_id,
        "owner": version.owner_id,
        "class_code": next(iter(version.class_codes), ""),
        "valid_from": version.valid_from,
        "valid_until": version.valid_until,
        "review_date": version.review_date,
        "public": version.public,
        "seen": version.number,
    }
