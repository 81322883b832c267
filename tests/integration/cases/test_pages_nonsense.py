"""Nonsense in an address or a form is answered with a page or words, never with a fault of ours."""

from itertools import product
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.cases import desk
from huiyin.domain.actions import Action
from tests.builders_city import People, dispatched, street_unit

pytestmark = pytest.mark.usefixtures("city")

HUGE = "9" * 30
NONSENSE = ["", "\x00", HUGE, "-1", "１２", "'; --", "\ud800", "<b>", "a" * 5000]
LISTS = {
    "/cases/": ["number", "caller", "unit", "class", "area", "status", "grade", "channel", "first", "last", "cursor"],
    "/cases/desk/": ["tab", "below", "class", "grade", "street", "handler", "sub_unit", "unit", "q", "cursor"],
    "/cases/live/": ["since", "below"],
    "/cases/options/units/": ["q", "below"],
    "/cases/options/areas/": ["q", "kind"],
    "/cases/options/cases/": ["q", "for"],
}


@pytest.mark.parametrize("address", LISTS)
def test_a_list_survives_any_parameter(handler: Client, people: People, address: str) -> None:
    dispatched(people, now=timezone.now())

    for name, value in product(LISTS[address], NONSENSE):
        asked = urlencode({name: value.encode("utf-8", "surrogatepass")})
        assert handler.get(f"{address}?{asked}").status_code in (200, 204, 302), (name, value[:20])


@pytest.mark.parametrize("path", ["do/nothing/", "reveal/nothing/", "do/register/"])
def test_what_is_not_there_is_not_found_or_not_allowed(handler: Client, people: People, path: str) -> None:
    case = dispatched(people, now=timezone.now())

    assert handler.post(f"/cases/{case.case_no}/{path}", {}).status_code in (404, 422)


@pytest.mark.parametrize("value", NONSENSE)
def test_every_field_of_every_form_survives_anything(handler: Client, people: People, value: str) -> None:
    case = dispatched(people, now=timezone.now())
    desk.act(case.pk, Action.SIGN, actor=people.handler(street_unit()), data={}, now=timezone.now())
    names = [
        "note",
        "means",
        "reached",
        "files",
        "unit_id",
        "handler_id",
        "told_at",
        "outcome",
        "reason",
        "until",
        "seq",
    ]
    sent = value.encode("utf-8", "surrogatepass")

    def post(address: str, *fields: str) -> int:
        form = urlencode(dict.fromkeys(fields, sent))
        return handler.post(address, form, content_type="application/x-www-form-urlencoded").status_code

    for action in (Action.NOTE_CONTACT, Action.ADD_NOTE, Action.HAND_DOWN, Action.ASSIGN_HANDLER, Action.REPLY):
        assert post(f"/cases/{case.case_no}/do/{action}/", *names) in (302, 422)
    assert post(f"/cases/{case.case_no}/reveal/phone/", "purpose", "reason") in (200, 422)
    assert post("/cases/desk/sign/", "case") == 302
