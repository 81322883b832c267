"""Names the room `packs` to Django."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "huiyin.packs"
    label = "packs"
    verbose_name = "点评会材料"
    default_auto_field = "django.db.models.BigAutoField"
