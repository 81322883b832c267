"""Names the room `api` to Django; webhooks are a reader of the event stream."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "huiyin.api"
    label = "api"
    verbose_name = "接口"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huiyin.api.webhooks import planning  # models load only once the apps are ready
        from huiyin.cases import subscriptions

        subscriptions.subscribe(planning.plan)
