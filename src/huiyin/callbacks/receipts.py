"""The address at which the SMS gateway says what became of a message. For machines: signed, without a session."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from huiyin.callbacks import sending

_MOST_BYTES = 4096
_STATES = {"delivered": True, "failed": False}


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """{"id": …, "state": "delivered" | "failed", "reason": …}; the same receipt may come again."""
    if int(request.headers.get("Content-Length") or 0) > _MOST_BYTES:
        return _refused(413, "回执太大")
    now = timezone.now()
    try:
        sending.check_receipt(request.headers.get("Huiyin-Signature", ""), request.body, now)
    except sending.BadReceipt as refusal:
        return _refused(403, refusal.message)
    try:
        told = json.loads(request.body)
        number, delivered = str(told["id"]), _STATES[told["state"]]
    except (ValueError, KeyError, TypeError):
        return _refused(400, "回执应为 JSON，含 id 和 state（delivered 或 failed）")
    known = sending.receive(number, delivered=delivered, words=str(told.get("reason") or "原因不明"), now=now)
    return JsonResponse({"known": known}, status=200 if known else 404)


def _refused(status: int, words: str) -> HttpResponse:
    return JsonResponse({"detail": words}, status=status, json_dumps_params={"ensure_ascii": False})
