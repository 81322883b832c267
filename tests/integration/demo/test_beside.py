"""Long work in a process of its own: done when the block is, and never failed in silence."""

import sys

import click
import pytest

from huiyin.accounts.models import Staff
from huiyin.ops.demo.beside import beside


@pytest.mark.django_db(transaction=True)
def test_what_was_done_beside_stands_when_the_block_has_ended() -> None:
    def work() -> None:
        Staff.objects.create(username="beside", name="旁", staff_no="BESIDE")

    with beside(work, title="work"):
        Staff.objects.create(username="here", name="此", staff_no="HERE")

    assert set(Staff.objects.values_list("username", flat=True)) == {"beside", "here"}


@pytest.mark.django_db(transaction=True)
def test_work_that_fails_beside_fails_the_command() -> None:
    with pytest.raises(click.ClickException, match="learning: 3"), beside(lambda: sys.exit(3), title="learning"):
        pass
