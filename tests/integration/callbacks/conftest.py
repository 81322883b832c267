"""Cases whose citizen is to be asked, and a folder of their own for what is sent."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from huiyin.accounts.models import Post, Staff
from huiyin.callbacks import links, sending
from huiyin.callbacks.models import Invitation
from huiyin.callbacks.vocabulary import Channel
from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory
from tests.builders_city import People, replied

Sent = Callable[[], list[dict[str, Any]]]
GOOD = {"contacted": "yes", "solved": "yes", "satisfaction": "satisfied"}
BAD = {"contacted": "yes", "solved": "no", "satisfaction": "unsatisfied"}


@pytest.fixture(autouse=True)
def _messages_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.MESSAGE_DIR = tmp_path / "messages"
    cache.clear()


@pytest.fixture
def sent(settings: Any) -> Sent:
    """What the file sender has written so far."""

    def read() -> list[dict[str, Any]]:
        files = sorted(settings.MESSAGE_DIR.glob("*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]

    return read


def due(people: People, **changes: object) -> Case:
    case = replied(people, now=timezone.now() - timedelta(days=8), **changes)
    return desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=timezone.now())


def invited(case: Case) -> Invitation:
    made = links.invite(case, channel=Channel.SMS, now=timezone.now())
    sending.send_message(made.messages.get().pk, timezone.now())
    return made


def path_of(invitation: Invitation) -> str:
    return f"/hf/{links.token_of(invitation)}/"


def signed_in(client: Client, role: Role, unit_id: int | None = None, name: str = "人员") -> Client:
    hotline = directory.hotline()
    assert hotline is not None
    staff = Staff.objects.create_user(username=f"{role}-{unit_id}", name=name, staff_no=f"{role}{unit_id}"[:16])
    Post.objects.create(
        staff=staff, role=str(role), unit_id=unit_id or hotline.id, valid_from=timezone.localdate(), is_main=True
    )
    client.force_login(staff)
    return client
