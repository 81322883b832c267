"""Names the room `registry` to Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "huiyin.registry"
    label = "registry"
    verbose_name = "机构、区域与规则"
    default_auto_field = "django.db.models.BigAutoField"
