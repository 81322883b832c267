"""Names the room `callbacks` to Django."""

from django.apps import AppConfig


class CallbacksConfig(AppConfig):
    name = "huiyin.callbacks"
    label = "callbacks"
    verbose_name = "回访"
    default_auto_field = "django.db.models.BigAutoField"
