"""Names the room `ops` to Django."""

from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "huiyin.ops"
    label = "ops"
    verbose_name = "运行"
    default_auto_field = "django.db.models.BigAutoField"
