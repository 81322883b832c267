"""The command `huiyin`: one table of sub-commands, each imported only when it is called."""

import gc
from typing import Any

import click

from huiyin.ops.lazy import lazy_group

# Starting makes a million objects that stay: with Python's own threshold a tenth of the time goes into walking them.
_OBJECTS_BEFORE_COLLECTING = 100_000

COMMANDS = {
    "serve": "huiyin.ops.serve:serve",
    "web": "huiyin.ops.serve:web",
    "worker": "huiyin.ops.serve:worker",
    "scheduler": "huiyin.ops.serve:scheduler",
    "migrate": "huiyin.ops.manage:migrate",
    "check": "huiyin.ops.manage:check",
    "manage": "huiyin.ops.manage:manage",
    "database": "huiyin.ops.database:database",
    "bench": "huiyin.ops.bench.command:bench",
    "nlp": "huiyin.ops.nlp.command:nlp",
    "evaluate": "huiyin.ops.evaluate.command:evaluate",
    "preset": "huiyin.registry.command:preset",
    "administrator": "huiyin.accounts.command:administrator",
    "import": "huiyin.intake.importing.command:import_file",
    "knowledge": "huiyin.knowledge.command:knowledge",
    "governance": "huiyin.governance.command:governance",
    "callbacks": "huiyin.ops.callbacks:callbacks",
    "indicators": "huiyin.indicators.command:indicators",
    "export": "huiyin.ops.export:export",
    "demo": "huiyin.ops.demo.command:demo",
    "demo-live": "huiyin.ops.demo.command:live",
    "token": "huiyin.api.command:token",
}


class _Huiyin(lazy_group(COMMANDS)):  # type: ignore[misc]
    """Says in words what to do where a rule refuses, or the database has no tables yet, whichever command met that."""

    def invoke(self, ctx: click.Context) -> Any:
        gc.set_threshold(_OBJECTS_BEFORE_COLLECTING)
        try:
            return super().invoke(ctx)
        except Exception as exc:
            from psycopg.errors import UndefinedTable

            from huiyin.domain.errors import DomainError

            if isinstance(exc, DomainError):
                raise click.ClickException(exc.message) from exc
            if not isinstance(exc.__cause__, UndefinedTable):
                raise
            raise click.ClickException(
                "数据库中还没有数据表，或版本较旧：请先运行 huiyin migrate；新装的系统再运行 huiyin preset load beijing"
            ) from exc


@click.group(cls=_Huiyin, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="huiyin")
def main() -> None:
    """回音 Huiyin: the platform of a city's 12345 hotline."""
