"""The style guide: every component with sample data, for developers and for the tests of the look."""

from datetime import timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from huiyin.domain.vocabulary import Grade, Light, RequestType, Status
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done
from huiyin.ui.widgets import ChoiceButtons, ComboboxWidget

SAMPLES = (
    ("010101", "供暖温度不达标", "市政 › 供热 · 特急", "gnwdbdb"),
    ("010102", "暖气漏水", "市政 › 供热 · 紧急", "nqls"),
    ("020301", "小区停车位不足", "交通 › 停车 · 一般", "xqtcwbz"),
    ("020302", "占道停车", "交通 › 停车 · 一般", "zdtc"),
    ("030201", "夜间施工噪声", "环保 › 噪声 · 紧急", "yjsgzs"),
    ("030202", "油烟扰民", "环保 › 大气 · 一般", "yyrm"),
    ("040101", "物业服务不到位", "住房 › 物业 · 一般", "wyfwbdw"),
    ("040102", "电梯故障困人", "住房 › 电梯 · 特急", "dtgzkr"),
)


class SampleForm(forms.Form):
    name = forms.CharField(label="姓名", help_text="可以只留姓，例如“张先生”")
    kind = forms.ChoiceField(label="诉求类型", choices=RequestType.choices(), widget=ChoiceButtons)
    grade = forms.ChoiceField(label="分级", choices=Grade.choices())
    case_class = forms.CharField(
        label="类别", widget=ComboboxWidget(reverse_lazy("ui:options"), placeholder="词语、拼音首字母或代码")
    )
    words = forms.CharField(label="诉求内容", widget=forms.Textarea, min_length=5)
    secret = forms.BooleanField(label="诉求人要求保密", required=False)


@login_required
def guide(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    moments = [timedelta(seconds=20), timedelta(minutes=8), timedelta(hours=3), timedelta(days=1), timedelta(days=40)]
    shown = {
        "now": now,
        "statuses": list(Status),
        "grades": list(Grade),
        "lights": list(Light),
        "moments": [now - length for length in moments],
        "dues": [
            (now + timedelta(days=3), "green"),
            (now + timedelta(minutes=47), "yellow"),
            (now - timedelta(hours=5), "red"),
        ],
        "rows": [
            {"no": f"26112200{n}381", "text": text, "status": status, "grade": grade}
            for n, text, status, grade in _ROWS
        ],
        "form": SampleForm(request.POST if request.method == "POST" else None),
        "bound": SampleForm({"words": "短"}, auto_id="bound_%s"),
    }
    return render(request, "ui/guide.html", shown)


@login_required
def options(request: HttpRequest) -> JsonResponse:
    words = request.GET.get("q", "").lower().split()
    hits = [
        {"id": code, "label": label, "detail": detail}
        for code, label, detail, initials in SAMPLES
        if all(word in f"{code} {label} {detail} {initials}".lower() for word in words)
    ]
    return JsonResponse({"results": hits})


@login_required
def dialog(request: HttpRequest) -> HttpResponse:
    # A dialog opens over a page that may have a field of the same name: its ids must differ.
    form = SampleForm(request.POST if request.method == "POST" else None, auto_id="dialog_%s")
    if form.is_valid():
        return done(request, "已保存", to=reverse("ui:guide"), refresh="sample:changed")
    shown = {"layout": layout_of(request), "form": form}
    return render(request, "ui/guide_dialog.html", shown, status=422 if form.is_bound else 200)


@login_required
def stamp(request: HttpRequest) -> JsonResponse:
    """Changes with every minute, so that the guide's live region can be seen at work."""
    return JsonResponse({"stamp": f"{timezone.now():%H%M}"})


_ROWS = (
    (1, "望京西园四区3号楼暖气不热，室内只有14度，家里有老人和孩子", Status.HANDLING, Grade.URGENT),
    (2, "朝阳北路与青年路路口信号灯不亮，早高峰车辆通行混乱", Status.DISPATCHED, Grade.CRITICAL),
    (3, "建议在地铁站出口增设共享单车停放区", Status.CALLBACK_PENDING, Grade.NORMAL),
    (4, "老旧小区加装电梯，二层与六层居民意见不一致", Status.SUSPENDED, Grade.COMPLEX),
)
