"""Names the room `indicators` to Django."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "huiyin.indicators"
    label = "indicators"
    verbose_name = "七有五性"
    default_auto_field = "django.db.models.BigAutoField"
