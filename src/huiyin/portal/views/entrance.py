"""The first page: what this is, and the three ways on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html", {"emergencies": EMERGENCIES})


EMERGENCIES = (("110", "报警"), ("119", "火警"), ("120", "急救"), ("122", "交通事故"))
