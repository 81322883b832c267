"""Names the room `dispatching` to Django."""

from django.apps import AppConfig


class DispatchingConfig(AppConfig):
    name = "huiyin.dispatching"
    label = "dispatching"
    verbose_name = "派单"
    default_auto_field = "django.db.models.BigAutoField"
