"""Names, at start-up, the navigation's places that no room has installed."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Info, Tags, register

from huiyin.ui import navigation


@register(Tags.urls)
def places_lead_somewhere(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Info(f"Navigation leaves out {name!r}: no such page here.", id="huiyin.I010") for name in navigation.missing()
    ]
