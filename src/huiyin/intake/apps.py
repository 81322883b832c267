"""Names the room `intake` to Django."""

from collections.abc import Sequence

from django.apps import AppConfig

from huiyin.learning import lent


class IntakeConfig(AppConfig):
    name = "huiyin.intake"
    label = "intake"
    verbose_name = "受理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        lent.lend(_replay)


def _replay(case_ids: Sequence[int]) -> lent.Replayed:
    """With all that reads texts: only the worker that recalibrates waits for it to load."""
    from huiyin.intake import replaying

    return replaying.replay(case_ids)
