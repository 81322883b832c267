"""`huiyin bench NAME`: prepares the ground, drives the clients, prints one JSON object as its last line."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from huiyin.ops.bench import ground as grounds
from huiyin.ops.bench.scenarios import WORKS

_MONTH = 1_450_000  # cases of `evaluate`: some 1,000,000 of them belong to the period that it closes
_PACKED = 50_000  # cases behind a month's packs, unless told otherwise
_IMPORTED = 100_000  # rows of the file that `import` brings in, unless told otherwise
_ROLES = {"handler": "jiedao", "leader": "lingdao"}  # demo accounts whose sessions the clients use


@click.command()
@click.argument("name", type=click.Choice([*WORKS, "import", "nlp", "evaluate", "packs"]))
@click.option("--rows", default=0, show_default=True, help="Cases that the city has before it begins.")
@click.option("--clients", default=4, show_default=True, help="Client processes.")
@click.option("--seconds", default=15.0, show_default=True, help="Measured time, after a warm-up.")
@click.option("--file-rows", default=_IMPORTED, show_default=True, help="Rows of the file that `import` brings in.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the scratch city in this folder for later runs.")
@click.option("--json", "as_json", is_flag=True, help="Only the JSON object.")
def bench(name: str, rows: int, clients: int, seconds: float, file_rows: int, keep: Path | None, as_json: bool) -> None:
    """Measure the product on this machine."""

    def say(text: str) -> None:
        if not as_json:
            click.echo(text, err=True)

    with grounds.scratch_folder(keep) as folder:
        if name == "nlp":
            from huiyin.ops.bench.nlp import measure_nlp

            click.echo(json.dumps(measure_nlp(folder)))
            return
        grounds.use(folder)
        from huiyin.ops.manage import set_up_django

        set_up_django()
        if name == "evaluate":
            from huiyin.ops.bench.evaluation import measure_evaluation

            click.echo(json.dumps(measure_evaluation(rows or _MONTH)))
            return
        if name == "packs":
            from huiyin.ops.bench.packs import measure_packs

            click.echo(json.dumps(measure_packs(rows or _PACKED)))
            return
        say(f"preparing a city of {rows:,} cases")
        grounds.build(rows)
        if name == "import":
            from huiyin.ops.bench.importing import measure

            click.echo(json.dumps(measure(file_rows, folder)))
            return
        passes = _passes()
        with grounds.server() as (url, children):
            from huiyin.ops.bench import processor

            watched = processor.processes(folder, children)
            ground = grounds.Ground(url=url, rows=rows, processes=watched, **passes)
            from huiyin.ops.bench.load import drive

            say(f"{clients} clients, {seconds:g} s")
            found = drive(name, ground, clients=clients, seconds=seconds)
    click.echo(json.dumps(found))
    if found["errors"] or not found["count"]:
        sys.exit(1)


def _passes() -> dict[str, Any]:
    """Tokens for the hotline's and the unit's side of a case's life, and sessions of demo accounts for the pages."""
    from huiyin.accounts.models import Staff
    from huiyin.domain.vocabulary import HOTLINE_ROLES, Role
    from huiyin.registry import directory

    area = directory.area_by_code("110105026")
    unit, hotline = directory.street_unit(area.id) if area else None, directory.hotline()
    if unit is None or hotline is None:
        raise click.ClickException("the preset city has no hotline or no street 110105026")
    return {
        "token": _token("bench-hotline", hotline.id, HOTLINE_ROLES),
        "unit_token": _token("bench-unit", unit.id, {Role.HANDLER, Role.UNIT_HEAD}),
        "unit_id": unit.id,
        "deep_cursor": _deep_cursor(),
        "sessions": {name: _session(Staff.objects.get(username=username)) for name, username in _ROLES.items()},
    }


def _deep_cursor() -> str:
    """Of page 1,000 of the search over all cases, as a reader gets it by turning 999 pages."""
    from huiyin.cases.models import Case
    from huiyin.cases.paging import cursor_after
    from huiyin.cases.searches import ORDER, PAGE_SIZE

    last_before = 999 * PAGE_SIZE - 1
    row = Case.objects.order_by(*ORDER).only("registered_at")[last_before : last_before + 1].first()
    return cursor_after(row, ORDER) if row else ""


def _token(username: str, unit_id: int, roles: Iterable[Any]) -> str:
    from django.utils import timezone

    from huiyin.accounts.models import Post, Staff
    from huiyin.api.scopes import Scope
    from huiyin.api.tokens import issue

    staff, _ = Staff.objects.get_or_create(username=username, defaults={"name": username, "staff_no": username.upper()})
    for role in roles:
        since = {"valid_from": timezone.localdate()}
        Post.objects.get_or_create(staff=staff, role=str(role), unit_id=unit_id, defaults=since)
    return issue(name="bench", staff=staff, scopes=list(Scope), days=1, now=timezone.now(), per_minute=1_000_000).secret


def _session(person: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)
