"""Names the room `intake` to Django."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from huiyin.learning.recalibrating import Replayed


class IntakeConfig(AppConfig):
    name = "huiyin.intake"
    label = "intake"
    verbose_name = "受理"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huiyin.learning import recalibrating  # models load only once the apps are ready

        recalibrating.lend(_replay)


def _replay(case_ids: Sequence[int]) -> "Replayed":
    """With all that reads texts: only the worker that recalibrates waits for it to load."""
    from huiyin.intake import replaying

    return replaying.replay(case_ids)
