"""Tells a citizen's story in a few words: who does what, and time that really passes in between."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.cases import desk, journal, snapshot
from huiyin.cases.models import Case, RunningClock
from huiyin.cases.sweeps import Sweeper
from huiyin.domain import case as domain
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import ActorKind, Grade, RequestType, Role, Status
from huiyin.registry import directory
from tests.builders_city import NOW, People, statement

DISPATCHER, AGENT = Role.DISPATCHER, Role.CALLBACK_AGENT


@dataclass
class Telling:
    """One story. `case` is the one it is about; others are named."""

    people: People
    now: datetime = NOW
    case: Case = field(init=False)

    def calls(self, content: str, **said: object) -> Case:
        """A citizen calls, and the operator registers the matter."""
        data = statement(content=content, **said)
        self.case = desk.register(actor=self.people.operator(), data=data, now=self.now)
        return self.case

    def hotline(self, action: Action, *, of: Case | None = None, role: Role = DISPATCHER, **data: object) -> Case:
        return self._act(self.people.hotline(role), action, of, data)

    def unit(self, unit_id: int, action: Action, *, of: Case | None = None, **data: object) -> Case:
        return self._act(self.people.handler(unit_id), action, of, data)

    def citizen(self, action: Action, *, of: Case | None = None, **data: object) -> Case:
        case = of or self.case
        return self._act(Actor(kind=ActorKind.CITIZEN, requester_id=case.requester_id), action, of, data)

    def replies(self, unit_id: int, result: str, *, of: Case | None = None, outcome: str = "solved") -> Case:
        """Both feedbacks: to the citizen, just now, and to the hotline."""
        told = {"means": "phone", "told_at": self.now.isoformat()}
        evidence = "现场照片与诉求人签字"
        return self.unit(unit_id, Action.REPLY, of=of, outcome=outcome, result=result, evidence=evidence, **told)

    def judges(self, satisfaction: str, *, solved: str, remark: str = "") -> Case:
        """The citizen is called back and answers the three questions."""
        answers = {"contacted": "yes", "solved": solved, "satisfaction": satisfaction, "remark": remark}
        return self.hotline(Action.RECORD_CALLBACK, role=AGENT, **answers)

    def wait(self, **length: float) -> None:
        """Time passes, and whatever clock has something to say on the way says it then."""
        until = self.now + timedelta(**length)
        while (moment := _next_word(until)) is not None:
            assert Sweeper().fire_clocks(max(moment, self.now)) > 0
        self.now = until

    def happened(self, of: Case | None = None) -> list[str]:
        return [event.action for event in journal.of_case((of or self.case).pk)]

    def stands(self, of: Case | None = None) -> Case:
        """The case as it is now; its history, folded, says the same."""
        row = Case.objects.get(pk=(of or self.case).pk)
        events = [journal.as_event(event) for event in journal.of_case(row.pk)]
        assert domain.fold(_blank(row), events) == snapshot.load(row, row.clocks.all())
        return row

    def clock(self, kind: str) -> RunningClock:
        return RunningClock.objects.get(case_id=self.case.pk, kind=kind)

    def _act(self, actor: Actor, action: Action, of: Case | None, data: dict[str, Any]) -> Case:
        return desk.act((of or self.case).pk, action, actor=actor, data=data, now=self.now)


def unit_named(code: str) -> int:
    found = directory.unit_by_code(code)
    assert found is not None
    return found.id


def _next_word(until: datetime) -> datetime | None:
    waiting = RunningClock.objects.filter(next_at__lte=until).order_by("next_at")
    return waiting.values_list("next_at", flat=True).first()


def _blank(row: Case) -> domain.Case:
    return domain.Case(
        status=Status.RECEIVED,
        registered_at=row.registered_at,
        last_at=row.registered_at,
        requester_id=row.requester_id,
        request_type=RequestType.OTHER,
        class_code="",
        grade=Grade.NORMAL,
    )


@pytest.fixture
def story(people: People) -> Telling:
    return Telling(people=people)
