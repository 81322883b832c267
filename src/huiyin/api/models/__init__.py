"""The room's tables: tokens, answers kept for repeats, request counts, webhooks and what was delivered."""

from huiyin.api.models.calls import IdempotentCall, RateCount
from huiyin.api.models.token import ApiToken
from huiyin.api.models.webhook import Delivery, DeliveryAttempt, DeliveryState, Webhook

__all__ = ["ApiToken", "Delivery", "DeliveryAttempt", "DeliveryState", "IdempotentCall", "RateCount", "Webhook"]
