"""Names the room `ops` to Django."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OpsConfig(AppConfig):
    name = "huiyin.ops"
    label = "ops"
    verbose_name = "运行"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_mend_indexes, sender=self)


def _mend_indexes(**_: Any) -> None:
    """`huiyin serve` migrates first: indexes that a killed import had set aside are back before anybody works."""
    from huiyin.cases import bulk_indexes

    bulk_indexes.restore()
