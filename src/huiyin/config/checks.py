"""Refuses to start with settings that are misspelt or unsafe."""

import difflib
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from huiyin.config import environment

OLDEST_POSTGRESQL = 150000


@register()
def every_variable_is_known(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [Error(f"{name} is not a setting.", hint=_nearest(name), id="huiyin.E001") for name in environment.unknown()]


@register()
def debugging_stays_at_home(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEBUG and settings.HTTPS:
        return [Error("HUIYIN_DEBUG and HUIYIN_HTTPS exclude each other: debug pages show data.", id="huiyin.E002")]
    if settings.DEMO and settings.HTTPS:
        hint = "Demo mode offers accounts without a password: never with real citizens' data."
        return [checks.Warning("HUIYIN_DEMO is on behind HTTPS.", hint=hint, id="huiyin.W001")]
    return []


@register(Tags.database)
def the_server_is_new_enough(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    found = [(alias, connections[alias].pg_version) for alias in databases or ()]
    return [
        Error(f"Database {alias!r} is PostgreSQL {version // 10000}; 15 is the oldest supported.", id="huiyin.E003")
        for alias, version in found
        if version < OLDEST_POSTGRESQL
    ]


def _nearest(name: str) -> str:
    close = difflib.get_close_matches(name, environment.known(), n=1)
    return f"Did you mean {close[0]}?" if close else "docs/settings.md lists them."
