"""Names the room `evaluation` to Django."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "huiyin.evaluation"
    label = "evaluation"
    verbose_name = "考评"
    default_auto_field = "django.db.models.BigAutoField"
