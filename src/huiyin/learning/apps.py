"""Names the room `learning` to Django; it is a reader of the event stream."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "huiyin.learning"
    label = "learning"
    verbose_name = "学习"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huiyin.cases import subscriptions
        from huiyin.learning import reading  # models load only once the apps are ready

        subscriptions.subscribe(reading.read)
