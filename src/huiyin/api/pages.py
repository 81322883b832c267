"""Pages."""

from django.http import HttpRequest, HttpResponse


def _x(request: HttpRequest, **kw) -> HttpResponse:
    return HttpResponse("")


tokens = revoke_token = webhooks = webhook = switch_webhook = remove_webhook = resend = _x
