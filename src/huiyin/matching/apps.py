"""Names the room `matching` to Django and lets it read what happens to cases."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "huiyin.matching"
    label = "matching"
    verbose_name = "相同诉求"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huiyin.cases import subscriptions  # models load only once the apps are ready
        from huiyin.matching import sketching

        subscriptions.subscribe(sketching.read_events)
