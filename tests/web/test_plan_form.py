"""The form of a sampling plan in the browser: one field for whom it is for, the unit found by its name."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from huiyin.accounts.models import Staff
from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.registry.models import Unit
from tests.builders_city import street_unit
from tests.staff import make_staff

NAMES = ("district", "kind", "unit")


@pytest.fixture
def evaluator(transactional_db: None, city: None) -> Staff:
    return make_staff(Unit.objects.get(kind=str(UnitKind.HOTLINE)), Role.EVALUATOR)


def test_only_the_field_of_the_chosen_scope_is_shown_and_a_unit_is_picked_by_name(
    live_server, sign_in: Callable[[Staff], Page], evaluator: Staff
) -> None:
    page = sign_in(evaluator)
    page.goto(f"{live_server.url}/callbacks/plans/new/")

    for scope, shown in (("全市", ""), ("一个区", "district"), ("一类单位", "kind"), ("一个单位及其下级", "unit")):
        page.get_by_text(scope, exact=True).click()
        for name in NAMES:
            expect(page.locator(f"#id_{name}")).to_be_visible(visible=name == shown)
    page.locator("#id_unit").fill(Unit.objects.get(pk=street_unit()).name)
    page.get_by_role("option").first.click()

    assert page.locator('input[name="unit"]').input_value() == str(street_unit())


def test_without_a_script_all_fields_are_there(
    live_server, sign_in: Callable[[Staff], Page], browser: Browser, evaluator: Staff
) -> None:
    signed_in = sign_in(evaluator).context
    with browser.new_context(java_script_enabled=False, storage_state=signed_in.storage_state()) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/callbacks/plans/new/")

        for name in NAMES:
            expect(page.locator(f"#id_{name}")).to_be_visible()
