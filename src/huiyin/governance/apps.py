"""Names the room `governance` to Django: governed streets and talks."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "huiyin.governance"
    label = "governance"
    verbose_name = "治理与约谈"
    default_auto_field = "django.db.models.BigAutoField"
