"""Names the room `intake` to Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "huiyin.intake"
    label = "intake"
    verbose_name = "受理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huiyin.intake import replaying
        from huiyin.learning import recalibrating

        recalibrating.lend(replaying.replay)
