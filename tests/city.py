"""The preset city for tests: loaded once a process, kept as a COPY dump, put back in a moment where a test lost it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

_TABLES = (
    "registry_area",
    "registry_unit",
    "registry_servicearea",
    "registry_edition",
    "registry_caseclass",
    "registry_cataloguerule",
    "registry_limit",
    "registry_parameter",
    "registry_reason",
    "registry_calendarday",
    "registry_placename",
    "registry_revision",
)
_dump: dict[str, bytes] = {}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A server thread or child process of a test may still hold the database that is to be dropped: it is sent off."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def _city_loaded(django_db_setup: None, django_db_blocker: Any) -> None:
    """Committed once a process, before any test's transaction, so that tests find it without loading it."""
    with django_db_blocker.unblock():
        _load()


@pytest.fixture(autouse=True)
def _what_a_test_wrote_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What the process holds of the registry is kept from test to test, for building it takes a second.

    A test that writes to the registry says so (`directory.reset()`, or the services' own `revision.renew()`).
    """
    from huiyin.registry import revision

    forgotten: list[bool] = []
    forget_everything = revision.forget_everything

    def forget() -> None:
        forgotten.append(True)
        forget_everything()

    monkeypatch.setattr(revision, "forget_everything", forget)
    yield
    if forgotten:
        forget_everything()
    revision.look_again()


@pytest.fixture
def city(_city_loaded: None, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beijing's registry stands in the database (as `huiyin preset load beijing` leaves it).

    It is not asked every few seconds whether it changed: on a slow machine a test would count that statement, too.
    """
    from huiyin.registry import revision
    from huiyin.registry.models import Unit

    if not Unit.objects.exists():  # a test that commits has emptied the database when it ended
        _restore()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE case_event")  # which Django's flush leaves out: its model is not managed
    revision.look_again()
    monkeypatch.setattr(revision, "CHECK_EVERY_SECONDS", 3600.0)


@pytest.fixture
def no_city(db: None) -> None:
    """An installation in which no city was loaded yet; within the test's transaction only."""
    from huiyin.registry import directory

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(_TABLES)} CASCADE")
    directory.reset()


def _load() -> None:
    """Also read by all that hold it, so that nothing is held that a test has written."""
    from huiyin.registry import presets, revision

    presets.load("beijing")
    revision.look_again()
    for hold in revision.holders():
        hold()
    with connection.cursor() as cursor:
        for table in _TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                _dump[table] = b"".join(bytes(block) for block in copy)


def _restore() -> None:
    with connection.cursor() as cursor:
        for table in _TABLES:
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(_dump[table])
            if table != "registry_calendarday":  # its key is the day
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


@pytest.fixture
def people(city: None) -> Any:
    """Makes actors: `people.operator()`, `people.handler(unit_code)` …, without accounts."""
    from tests.builders_city import People

    return People()
