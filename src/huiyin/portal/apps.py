"""Names the room `portal` to Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "huiyin.portal"
    label = "portal"
    verbose_name = "市民服务"
    default_auto_field = "django.db.models.BigAutoField"
