"""Names the composition root to Django, so that its start-up checks run."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "huiyin.config"
    label = "config"

    def ready(self) -> None:
        from huiyin.config import checks  # noqa: F401
