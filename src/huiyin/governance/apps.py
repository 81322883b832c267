"""The room of governed streets and talks: rules told line by line, plans, measures, what was said and promised."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "huiyin.governance"
    default_auto_field = "django.db.models.BigAutoField"
