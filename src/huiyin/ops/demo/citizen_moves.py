"""What the citizen does without being asked: a few judge on their page before anybody calls.

At a unit that cheats, somebody who has the citizen's number, or made the case up, is very quick and very pleased.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from huiyin.domain.actions import Action
from huiyin.domain.moves.callback import UNSOLVABLE
from huiyin.domain.vocabulary import Satisfaction
from huiyin.ops.demo import hotline_moves
from huiyin.ops.demo.story import Move, Scene
from huiyin.ops.demo.world import citizen

_BY_PAGE = 0.05
_HASTY = 0.4  # of the answers at a unit that gives them itself


def replied(scene: Scene) -> Move | None:
    case = scene.case
    rng = scene.dice("by page")
    cheats = scene.world.cheats(case.lead_unit_id) if case.lead_unit_id else frozenset()
    draw, wait = rng.random(), rng.random()
    if scene.truth.own:
        when = case.last_at + timedelta(minutes=20 + 240 * wait)
    elif "hasty_ratings" in cheats and draw < _HASTY:
        when = case.last_at + timedelta(minutes=1 + 6 * wait)
    elif draw > 1 - _BY_PAGE:
        when = case.last_at + timedelta(minutes=15, hours=30 * wait * wait)
        return _judges(scene, when, lambda at: hotline_moves.answers(scene, rng, at))
    else:
        return None

    def pleased(at: datetime) -> dict[str, object]:
        said: dict[str, object] = {"contacted": True, "satisfaction": str(Satisfaction.SATISFIED)}
        return said if case.request_type in UNSOLVABLE else {**said, "solved": True}

    return _judges(scene, when, pleased)


def _judges(scene: Scene, when: datetime, data: Callable[[datetime], Mapping[str, object]]) -> Move:
    actor = citizen(scene.case.requester_id)
    return Move(
        at=scene.at(when, scene.dice("page"), by_day=False), action=Action.RECORD_CALLBACK, actor=actor, data=data
    )
