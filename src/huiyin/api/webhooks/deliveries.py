"""What became of the deliveries, as the administrators' page shows it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q

from huiyin.api.models import Delivery, DeliveryState, Webhook
from huiyin.cases import paging
from huiyin.cases.paging import Page
from huiyin.domain.actions import Action
from huiyin.registry import directory

_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    webhook: Webhook
    unit_name: str
    events: list[str]
    waiting: int
    given_up: int

    @property
    def tone(self) -> str:
        if not self.webhook.active:
            return ""
        return "amber" if self.webhook.failing_since else "green"

    @property
    def state(self) -> str:
        if not self.webhook.active:
            return "停用"
        return "推送失败，重试中" if self.webhook.failing_since else "正常"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    summary: Summary
    page: Page[Delivery]
    lines: list[dict[str, Any]]
    state: str

    @property
    def next_url(self) -> str:
        return self._address(self.page.next)

    @property
    def previous_url(self) -> str:
        return self._address(self.page.previous)

    def _address(self, cursor: str) -> str:
        return f"?{urlencode({'state': self.state, 'cursor': cursor})}" if cursor else ""


def overview() -> list[Summary]:
    counted = Webhook.objects.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.PENDING)),
        given_up=Count("deliveries", filter=Q(deliveries__state=DeliveryState.GIVEN_UP)),
    )
    return [_summary(webhook) for webhook in counted.order_by("id")[:100]]


def sheet(webhook_id: int, *, cursor: str, state: str) -> Sheet:
    """The newest deliveries with every attempt. Webhook.DoesNotExist if there is none."""
    summary = next((one for one in overview() if one.webhook.pk == webhook_id), None)
    if summary is None:
        raise Webhook.DoesNotExist
    rows = Delivery.objects.filter(webhook_id=webhook_id).prefetch_related("tries")
    if state in set(map(str, DeliveryState)):
        rows = rows.filter(state=state)
    page = paging.page(rows, order=("-id",), cursor=cursor, size=_PAGE)
    return Sheet(summary=summary, page=page, lines=[_line(row) for row in page.rows], state=state)


def _summary(webhook: Any) -> Summary:
    unit = directory.find_unit(webhook.unit_id)
    return Summary(
        webhook=webhook,
        unit_name=unit.name if unit else "",
        events=[Action(action).label for action in webhook.events],
        waiting=webhook.waiting,
        given_up=webhook.given_up,
    )


def _line(row: Delivery) -> dict[str, Any]:
    return {
        "row": row,
        "label": Action(row.action).label,
        "state": DeliveryState(row.state),
        "tries": sorted(row.tries.all(), key=lambda one: one.at),
        "may_resend": row.state != DeliveryState.PENDING,
    }
