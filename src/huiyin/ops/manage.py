"""Commands that hand over to Django's own management commands."""

import os
from typing import Any

import click

SETTINGS = "huiyin.config.settings"


def set_up_django() -> Any:
    """Load the settings and the rooms, starting the embedded database if it is the one in use; return the settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as exc:
        raise click.ClickException(str(exc)) from exc
    return settings


def start_django() -> Any:
    """`set_up_django` for what is going to run on: refuses a wrong installation with the reasons."""
    from django.core.checks import ERROR, run_checks

    settings = set_up_django()
    wrong = [message for message in run_checks() if message.level >= ERROR]
    if wrong:
        raise click.ClickException("\n".join(str(message) for message in wrong))
    return settings


@click.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    from django.core.management import call_command

    set_up_django()
    call_command("migrate", interactive=False, verbosity=1)


@click.command()
def check() -> None:
    """Check settings, database and migrations; exit 1 with the reasons if something is wrong."""
    from django.core.management import CommandError, call_command

    settings = set_up_django()
    try:
        call_command("check", databases=["default"], deploy=settings.HTTPS)
    except CommandError as exc:
        raise click.ClickException(str(exc)) from exc
    if missing := _unapplied():
        raise click.ClickException(f"{len(missing)} migrations are not applied ({missing[0]}, …): huiyin migrate")


def _unapplied() -> list[str]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(arguments: tuple[str, ...]) -> None:
    """Run any Django management command: huiyin manage shell."""
    from django.core.management import execute_from_command_line

    set_up_django()
    execute_from_command_line(["huiyin manage", *arguments])
