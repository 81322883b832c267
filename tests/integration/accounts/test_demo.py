"""The demo's accounts: one per role, units of every kind, made once, never outside demo mode."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from huiyin.accounts import demo
from huiyin.accounts.models import Post, Staff
from huiyin.accounts.viewer import viewer_of
from huiyin.domain.vocabulary import Role, UnitKind


def test_every_role_and_every_kind_of_unit_has_an_account(city: None, settings) -> None:
    settings.DEMO = True

    people = demo.create_demo_staff()

    viewers = [viewer_of(staff) for staff in people]
    assert {role for viewer in viewers for role in viewer.roles} == set(Role)
    assert {viewer.unit_kind for viewer in viewers} == set(UnitKind)
    assert len(people) == len(demo.PERSONAS)


def test_the_people_of_the_units_work_in_one_line(city: None, settings) -> None:
    """So that a case can be followed from the district to the community with the offered accounts."""
    settings.DEMO = True
    at = {staff.username: staff.viewer for staff in demo.create_demo_staff()}

    assert at["jiedao"].unit_id == at["jiezhang"].unit_id
    assert {at["jiedao"].unit_id, at["shequ"].unit_id, at["quju"].unit_id} <= at["qu"].unit_ids
    assert at["shequ"].unit_id in at["jiedao"].unit_ids


def test_making_them_again_changes_nothing(city: None, settings) -> None:
    settings.DEMO = True
    first = [staff.pk for staff in demo.create_demo_staff()]
    posts = Post.objects.count()

    assert [staff.pk for staff in demo.create_demo_staff()] == first
    assert Post.objects.count() == posts


def test_they_are_not_made_outside_demo_mode(db: None, settings) -> None:
    settings.DEMO = False

    with pytest.raises(ImproperlyConfigured):
        demo.create_demo_staff()

    assert not Staff.objects.exists()
