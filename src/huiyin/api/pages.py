"""The administrators' pages: tokens of other systems, webhooks with what became of each delivery."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.accounts.models import Staff
from huiyin.accounts.permissions import require
from huiyin.api import callers
from huiyin.api import tokens as issuing
from huiyin.api.forms import TokenForm, WebhookForm, take_errors
from huiyin.api.models import ApiToken, Delivery, Webhook
from huiyin.api.scopes import Scope
from huiyin.api.webhooks import deliveries, subscribing
from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.ui.responses import done


@require_http_methods(["GET", "POST"])
@require(Role.ADMINISTRATOR)
def tokens(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            issued = issuing.issue(
                name=data["name"],
                staff=data["staff_no"],
                scopes=[Scope(scope) for scope in data["scopes"]],
                days=data["days"],
                per_minute=data["per_minute"],
                now=timezone.now(),
                by=Staff.objects.get(pk=request.viewer.staff_id),  # type: ignore[attr-defined]  # set by `require`
            )
            return render(request, "api/secret_once.html", {"token": issued.token, "secret": issued.secret})
        except InvalidData as wrong:
            take_errors(form, wrong)
    return render(request, "api/tokens.html", {"form": form, "tokens": _tokens(), "now": timezone.now()})


@require_POST
@require(Role.ADMINISTRATOR)
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=token_id)
    issuing.revoke(token, now=timezone.now())
    callers.forget()
    return done(request, _("已停用令牌，5秒内失效"), to=reverse("api:tokens"))


@require_http_methods(["GET", "POST"])
@require(Role.ADMINISTRATOR)
def webhooks(request: HttpRequest) -> HttpResponse:
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        terms = subscribing.Terms(
            name=data["name"],
            url=data["url"],
            events=tuple(data["events"]),
            unit_id=data["unit"],
            confidential=data["confidential"],
        )
        try:
            made = subscribing.subscribe(
                terms,
                now=timezone.now(),
                by=request.viewer.staff_id,  # type: ignore[attr-defined]  # set by `require`
            )
            return render(request, "api/secret_once.html", {"webhook": made.webhook, "secret": made.secret})
        except InvalidData as wrong:
            take_errors(form, wrong, {"unit_id": "unit"})
    return render(request, "api/webhooks.html", {"form": form, "webhooks": deliveries.overview()})


@require_GET
@require(Role.ADMINISTRATOR)
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    try:
        shown = deliveries.sheet(webhook_id, cursor=request.GET.get("cursor", ""), state=request.GET.get("state", ""))
    except ObjectDoesNotExist:
        return HttpResponse(render(request, "404.html").content, status=404)
    return render(request, "api/webhook.html", {"sheet": shown})


@require_POST
@require(Role.ADMINISTRATOR)
def switch_webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    found = get_object_or_404(Webhook, pk=webhook_id)
    if request.POST.get("active") == "1":
        subscribing.switch_on(found, now=timezone.now())
        told = _("已启用，积压的事件将马上推送")
    else:
        subscribing.switch_off(found.pk, now=timezone.now(), because=_("管理员停用"))
        told = _("已停用推送")
    return done(request, told, to=reverse("api:webhook", args=[webhook_id]))


@require_POST
@require(Role.ADMINISTRATOR)
def remove_webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    get_object_or_404(Webhook, pk=webhook_id).delete()
    return done(request, _("已删除推送地址及其记录"), to=reverse("api:webhooks"))


@require_POST
@require(Role.ADMINISTRATOR)
def resend(request: HttpRequest, webhook_id: int, delivery_id: int) -> HttpResponse:
    delivery = get_object_or_404(Delivery, pk=delivery_id, webhook_id=webhook_id)
    subscribing.resend(delivery, now=timezone.now())
    return done(request, _("已安排重新推送"), to=reverse("api:webhook", args=[webhook_id]))


def _tokens() -> list[ApiToken]:
    """Those in use first, then the newest; a city has tens of them."""
    rows = list(ApiToken.objects.select_related("staff", "created_by").order_by("-id")[:200])
    now = timezone.now()
    for row in rows:
        row.scope_labels = [Scope(scope).label for scope in row.scopes]
        row.in_use = row.revoked_at is None and row.expires_at > now
    return sorted(rows, key=lambda row: not row.in_use)
