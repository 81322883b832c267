"""Names the room `cases` to Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "huiyin.cases"
    label = "cases"
    verbose_name = "诉求件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huiyin.cases import notices, subscriptions  # models load only once the apps are ready

        subscriptions.subscribe(notices.notify_units)
