"""Who is looking, and how far the view reaches."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from huiyin.accounts import staffing
from huiyin.accounts.models import Staff
from huiyin.accounts.viewer import viewer_of
from huiyin.domain.errors import NotPermitted
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory
from huiyin.registry.models import Unit
from tests.staff import give_post, make_staff


def _again(staff: Staff) -> Staff:
    return Staff.objects.get(pk=staff.pk)


@pytest.mark.parametrize(
    ("unit", "sees", "reaches", "not_reached"),
    [
        ("hotline", "city", {"hotline"}, {"street"}),
        ("district", "district", {"district", "bureau", "street", "community"}, {"far", "far_street"}),
        ("street", "unit", {"street", "community"}, {"district", "bureau"}),
        ("community", "unit", {"community"}, {"street"}),
        ("department", "unit", {"department"}, {"street"}),
    ],
)
def test_a_view_reaches_as_far_as_the_unit(
    town: dict[str, Unit], unit: str, sees: str, reaches: set[str], not_reached: set[str]
) -> None:
    viewer = viewer_of(make_staff(town[unit], Role.HANDLER))

    assert viewer.sees == sees
    assert {town[code].pk for code in reaches} <= viewer.unit_ids
    assert viewer.unit_ids.isdisjoint({town[code].pk for code in not_reached})


def test_the_actor_of_the_desk_has_the_same_reach(town: dict[str, Unit]) -> None:
    city = viewer_of(make_staff(town["hotline"], Role.DISPATCHER)).actor()
    district = viewer_of(make_staff(town["district"], Role.UNIT_HEAD)).actor()
    street = viewer_of(make_staff(town["street"], Role.HANDLER)).actor()

    assert city.whole_city
    assert district.district_id == town["district"].district_id
    assert (street.whole_city, street.district_id) == (False, None)
    assert street.unit_ids == {town["street"].pk, town["community"].pk}


def test_a_post_that_ended_gives_nothing(town: dict[str, Unit]) -> None:
    staff = make_staff(None)
    give_post(staff, town["hotline"], Role.ADMINISTRATOR, valid_to=timezone.localdate() - timedelta(days=2))

    viewer = viewer_of(staff)

    assert viewer.roles == frozenset()
    assert viewer.unit_id is None
    assert viewer.unit_ids == frozenset()


def test_posts_at_two_units_are_never_mixed(town: dict[str, Unit]) -> None:
    staff = make_staff(town["street"], Role.HANDLER)
    give_post(staff, town["hotline"], Role.AUDITOR)

    at_street = viewer_of(_again(staff))
    staffing.switch_unit(staff, unit_id=town["hotline"].pk)
    at_hotline = viewer_of(_again(staff))

    assert (at_street.roles, at_street.sees) == ({Role.HANDLER}, "unit")
    assert (at_hotline.roles, at_hotline.sees) == ({Role.AUDITOR}, "city")
    assert at_street.has_several_posts


def test_nobody_switches_to_a_unit_without_a_post_there(town: dict[str, Unit]) -> None:
    staff = make_staff(town["street"], Role.HANDLER)

    with pytest.raises(NotPermitted):
        staffing.switch_unit(staff, unit_id=town["hotline"].pk)


def test_after_the_active_post_ends_the_main_one_counts(town: dict[str, Unit]) -> None:
    staff = make_staff(town["street"], Role.HANDLER)
    other = give_post(staff, town["hotline"], Role.AUDITOR)
    staffing.switch_unit(staff, unit_id=town["hotline"].pk)
    other.delete()

    assert viewer_of(_again(staff)).unit_id == town["street"].pk


def test_a_viewer_costs_one_query(town: dict[str, Unit], django_assert_num_queries) -> None:
    staff = make_staff(town["street"], Role.HANDLER, Role.UNIT_HEAD)
    directory.subtree_unit_ids(town["street"].pk)

    with django_assert_num_queries(1):
        viewer_of(staff)
        viewer_of(staff)


def test_without_signing_in_there_is_no_viewer() -> None:
    with pytest.raises(PermissionDenied):
        viewer_of(AnonymousUser())
