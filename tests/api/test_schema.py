"""The whole API against its own schema: made-up calls of every operation, sound and unsound, find no fault in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from pydantic import BaseModel
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.specs.openapi import checks as openapi_checks

from huiyin.api import v1
from huiyin.api.webhooks import subscribing
from huiyin.domain.vocabulary import Role
from tests.api.conftest import MATTER, Api
from tests.builders_city import street_unit

_EXAMPLES = 4
_CHECKS = [
    *CHECKS.get_by_names(["not_a_server_error"]),
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]
_QUICK = settings(
    max_examples=_EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def hotline(api_as: Callable[..., Api]) -> Api:
    return api_as(Role.OPERATOR, Role.DISPATCHER, Role.CALLBACK_AGENT)


@pytest.fixture
def signed_case(hotline: Api, api_as: Callable[..., Api]) -> str:
    """A case with which the unit can do most of what there is to do."""
    number: str = hotline.post("/cases", {**MATTER, "request_type": "consultation"}).json()["case_no"]
    hotline.post(f"/cases/{number}/actions/dispatch", {"unit_id": street_unit()})
    api_as(Role.HANDLER, unit_id=street_unit()).post(f"/cases/{number}/actions/sign")
    return number


@pytest.fixture(autouse=True)
def _no_hooks_leave_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A webhook over a made-up address is kept, never called: no worker runs here."""
    monkeypatch.setattr(subscribing, "_MOST_WEBHOOKS", 10_000)


@contextmanager
def _in_this_transaction() -> Iterator[None]:
    """The calls see what the test wrote, as Django's test client lets them (which connects the signals again)."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _operations() -> Iterator[Any]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for result in schema.get_all_operations():
        yield result.ok()


@pytest.mark.slow
def test_no_call_of_any_operation_breaks_the_api_or_its_schema(signed_case: str, api_as: Callable[..., Api]) -> None:
    """Each made-up call is made by the hotline, by the unit that has the case, and by an administrator."""
    callers = [
        api_as(Role.OPERATOR, Role.DISPATCHER, Role.CALLBACK_AGENT),
        api_as(Role.HANDLER, Role.UNIT_HEAD, unit_id=street_unit()),
        api_as(Role.ADMINISTRATOR, Role.LEADER),
    ]
    count = 0

    with _in_this_transaction():
        for operation in _operations():
            known = {"case_no": signed_case} if "{case_no}" in operation.path else None
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

                @_QUICK
                @given(case=operation.as_strategy(generation_mode=mode, path_parameters=known))
                def call(case: Any) -> None:
                    nonlocal count
                    for caller in callers:
                        response = case.call(headers={"Authorization": f"Bearer {caller.secret}"})
                        case.validate_response(response, checks=_CHECKS)
                        count += 1

                with suppress(Unsatisfiable):  # an operation that takes nothing has nothing to be got wrong
                    call()

    assert count > 500


def test_no_two_shapes_share_a_name() -> None:
    """The schema knows a shape by its name alone: of two that share one, the second would be told for both."""
    assert v1.api is not None  # all routers are there
    names: dict[str, set[str]] = {}
    for shape in _subclasses(BaseModel):
        if shape.__module__.startswith("huiyin.api."):
            names.setdefault(shape.__name__, set()).add(shape.__module__)

    assert {name: found for name, found in names.items() if len(found) > 1} == {}
    assert len(names) > 40


def _subclasses(kind: type) -> set[type]:
    return {one for sub in kind.__subclasses__() for one in (sub, *_subclasses(sub))}
