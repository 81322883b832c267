"""Signing in: name and password (locked for a while after wrong ones), the city's identity, one click in demo mode."""

from typing import Any

from allauth.account.views import LoginView, PasswordChangeView
from allauth.socialaccount.adapter import get_adapter
from axes.decorators import axes_dispatch, axes_form_invalid
from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from huiyin.accounts import demo
from huiyin.accounts.models import Staff


@method_decorator(axes_dispatch, name="dispatch")
@method_decorator(axes_form_invalid, name="form_invalid")
class SignInView(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["demo_groups"] = demo.offered() if settings.DEMO else []
        context["identity_providers"] = get_adapter(self.request).list_providers(self.request)
        return context


class OwnPasswordView(PasswordChangeView):
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)  # saves the whole person, so the mark is taken away after it
        Staff.objects.filter(pk=self.request.user.pk).update(must_change_password=False)
        return response

    def get_success_url(self) -> str:
        return reverse("accounts:profile")


@require_POST
def demo_sign_in(request: HttpRequest, pk: int) -> HttpResponse:
    """One click, only in demo mode and only for accounts made by it."""
    if not settings.DEMO:
        raise Http404
    staff = get_object_or_404(Staff, pk=pk, demo=True, is_active=True)
    login(request, staff, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("accounts:home")


def username_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """For the lock-out: the name that was tried, whichever form it came from."""
    return (credentials or {}).get("username") or request.POST.get("login")


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    cool_off = get_cool_off(request)
    context = {
        "minutes": int(cool_off.total_seconds() // 60) if cool_off else None,
        "limit": settings.AXES_FAILURE_LIMIT,
    }
    return render(request, "accounts/locked.html", context, status=429)
