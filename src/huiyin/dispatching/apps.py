"""Names the room `dispatching` to Django."""

from django.apps import AppConfig


class DispatchingConfig(AppConfig):
    name = "huiyin.dispatching"
    label = "dispatching"
    verbose_name = "派单"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huiyin.cases import subscriptions
        from huiyin.dispatching import asking  # models load only once the apps are ready

        subscriptions.subscribe(asking.read)
