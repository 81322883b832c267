"""Puts the rooms' pages under their addresses. Add a room's line when its urls.py stands."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("huiyin.accounts.urls")),
    path("accounts/", include("huiyin.accounts.entrance_urls")),
    path("cases/", include("huiyin.cases.urls")),
    path("console/", include("huiyin.intake.urls")),
    path("knowledge/", include("huiyin.knowledge.urls")),
    path("dispatch/", include("huiyin.dispatching.urls")),
    path("callbacks/", include("huiyin.callbacks.urls")),
    path("hf/", include("huiyin.callbacks.machine_urls")),
    path("matters/", include("huiyin.matching.urls")),
    path("evaluation/", include("huiyin.evaluation.urls")),
    path("governance/", include("huiyin.governance.urls")),
    path("indicators/", include("huiyin.indicators.urls")),
    path("learning/", include("huiyin.learning.urls")),
    path("packs/", include("huiyin.packs.urls")),
    path("registry/", include("huiyin.registry.urls")),
    path("ui/", include("huiyin.ui.urls")),
    path("ops/", include("huiyin.ops.urls")),
    path("", include("huiyin.api.urls")),
    path("", include("huiyin.portal.urls")),
]
