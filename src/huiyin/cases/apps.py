"""Names the room `cases` to Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "huiyin.cases"
    label = "cases"
    verbose_name = "诉求件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huiyin.accounts import case_names  # models load only once the apps are ready
        from huiyin.cases import naming, notices, subscriptions

        subscriptions.subscribe(notices.notify_units)
        case_names.lend(numbers_of=naming.numbers_of, id_of=naming.id_of)
