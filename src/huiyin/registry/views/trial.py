"""A try-out of the dispatch catalogue: what unit would be proposed for a class, a place and some words, and why."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET

from huiyin.domain.vocabulary import AreaKind, RequestType
from huiyin.registry import directory, routing, rulebook
from huiyin.registry.forms import area_box
from huiyin.registry.guard import for_readers
from huiyin.ui.widgets import ComboboxWidget


def _name_of_class(code: str) -> str:
    info = rulebook.taxonomy(rulebook.current(timezone.now()).taxonomy_id).get(code)
    return info.name if info else ""


class TrialForm(forms.Form):
    class_code = forms.CharField(
        label=_l("问题分类"),
        max_length=6,
        widget=ComboboxWidget(
            reverse_lazy("registry:class_options"), text_of=_name_of_class, placeholder=_l("词语、拼音首字母或代码")
        ),
    )
    area = forms.IntegerField(label=_l("地点（区、街道或社区）"), required=False, widget=area_box())
    request_type = forms.ChoiceField(label=_l("诉求类型"), required=False, choices=[("", "—"), *RequestType.choices()])
    text = forms.CharField(
        label=_l("诉求内容"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_GET
@for_readers
def trial(request: HttpRequest) -> HttpResponse:
    asked = "class_code" in request.GET
    form = TrialForm(request.GET if asked else None)
    proposal = _propose(form) if asked and form.is_valid() else None
    threshold = rulebook.rules(rulebook.current(timezone.now()).limits_id).auto_dispatch_confidence
    context = {
        "form": form,
        "proposal": proposal,
        "unit": directory.find_unit(proposal.unit_id) if proposal else None,
        "sub_unit": directory.find_unit(proposal.sub_unit_id) if proposal else None,
        "percent": int(proposal.confidence * 100) if proposal else 0,
        "automatic": bool(proposal and proposal.unit_id and proposal.confidence >= threshold),
        "threshold": int(threshold * 100),
        "here": "catalogue",
    }
    return render(request, "registry/trial.html", context)


def _propose(form: TrialForm) -> routing.UnitProposal:
    given = form.cleaned_data
    area = directory.find_area(given["area"])
    street = directory.street_of(area.id) if area and area.kind != AreaKind.DISTRICT else None
    return routing.propose_unit(
        class_code=given["class_code"],
        street_id=street.id if street else None,
        district_id=area.district_id if area else None,
        request_type=given["request_type"],
        text=given["text"],
        at=timezone.now(),
    )
