"""What the unit's people do next with a case: sign, contact, hand on, ask for a return or more time, reply."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from huiyin.domain.actions import Action
from huiyin.domain.deadlines import may_extend
from huiyin.domain.vocabulary import Asked, ClockKind, Grade, Outcome, Role, UnitKind
from huiyin.ops.demo import replies
from huiyin.ops.demo.story import Move, Scene
from huiyin.ops.demo.world import community_unit
from huiyin.registry import directory

_HELD_BACK, _COPIED = 0.6, 0.6  # of the replies of a unit that cheats in this way
_SAME_FOR_ALL = "经我单位工作人员现场核实处理，诉求人反映的问题已办理完毕，诉求人对办理结果表示认可。"
_OUTCOMES = {
    Outcome.SOLVED: replies.Outcome.SOLVED,
    Outcome.PARTLY: replies.Outcome.PENDING,
    Outcome.EXPLAINED: replies.Outcome.EXPLAINED,
}


def dispatched(scene: Scene) -> Move | None:
    case = scene.case
    assert case.dispatched_at is not None
    rng = scene.dice("sign", case.lead_unit_id)
    back = _return(scene, rng)
    if back is not None:
        return back
    quality = scene.world.quality(_acting(scene))
    part = rng.lognormvariate(-1.6, 0.7) * (0.6 + quality.speed)
    if rng.random() < quality.late:
        part = 0.9 + rng.expovariate(1.2)
    when = case.dispatched_at + scene.limit(ClockKind.SIGN, case.dispatched_at) * part
    return _by(scene, rng, scene.at(when, rng, by_day=False), Action.SIGN, lambda at: {})


def _return(scene: Scene, rng: Random) -> Move | None:
    """A unit that got what is not its own sends it back in time; a few try it with what is."""
    case, truth = scene.case, scene.truth
    lead = case.lead_unit_id
    if case.round > 1 or lead in case.denied_unit_ids or Action.REQUEST_RETURN in scene.refused:
        return None
    wrong = truth.unit_id is not None and lead != truth.unit_id
    if rng.random() > (0.9 if wrong else 0.012):
        return None
    assert case.dispatched_at is not None
    when = case.dispatched_at + scene.limit(ClockKind.SIGN, case.dispatched_at) * (0.15 + rng.random() * 0.9)

    def words(at: datetime) -> dict[str, object]:
        data: dict[str, object] = {
            "reason": replies.make_return_reason(rng=rng, place=truth.place, at=at, phrasebook=scene.phrasebook),
            "basis": "依据职责清单和派单目录",
        }
        if wrong:
            data["suggested_unit_id"] = truth.unit_id
        return data

    return _by(scene, rng, scene.at(when, rng, by_day=False), Action.REQUEST_RETURN, words, lead=True)


def contact(scene: Scene) -> Move | None:
    case = scene.case
    assert case.dispatched_at is not None
    rng = scene.dice("contact", case.lead_unit_id, case.seq)
    quality = scene.world.quality(_acting(scene))
    part = rng.lognormvariate(-1.3, 0.6) * (0.6 + quality.speed)
    if rng.random() < quality.late:
        part = 0.95 + rng.expovariate(1.0)
    limit = scene.limit(ClockKind.CONTACT, case.dispatched_at)
    when = max(case.dispatched_at + limit * part, case.last_at + limit * (0.03 + rng.random() * 0.12))
    reached = rng.random() < 0.88

    def words(at: datetime) -> dict[str, object]:
        note = replies.make_contact_note(
            rng=rng, place=scene.truth.place, at=at, phrasebook=scene.phrasebook, reached=reached
        )
        means = "visit" if "入户" in note or "上门" in note else "phone"
        return {"means": means, "reached": reached, "note": note}

    return _by(scene, rng, scene.at(when, rng), Action.NOTE_CONTACT, words)


def working(scene: Scene) -> Move | None:
    """Contacted and in work: perhaps handed on, extended, suspended, noted - and in the end answered."""
    rng = scene.dice("work", scene.case.lead_unit_id, scene.case.due_at)
    for choose in (_hand_on, _ask_suspension, _ask_extension, _note):
        move = choose(scene, rng)
        if move is not None:
            return move
    return _reply(scene, rng)


def _hand_on(scene: Scene, rng: Random) -> Move | None:
    """To the community, or to a person; at most once, soon after the first contact."""
    case, draw = scene.case, rng.random()
    assert case.lead_unit_id is not None
    if case.sub_unit_id or case.handler_id or case.round > 1:
        return None
    when = scene.at(case.last_at + timedelta(minutes=20 + rng.expovariate(1 / 120)), rng)
    unit = directory.unit(case.lead_unit_id)
    below = community_unit(scene.truth.community_id, case.lead_unit_id) if unit.kind is UnitKind.STREET else None
    if below is not None and draw < (0.7 if scene.truth.community_id in scene.world.offered else 0.3):
        data = {"unit_id": below, "note": "请社区（村）到现场核实并协调处理"}
        return _by(scene, rng, when, Action.HAND_DOWN, lambda at: data, lead=True)
    handler = scene.world.handler_id(case.lead_unit_id, rng)
    if handler is not None and draw > 0.7:
        return _by(scene, rng, when, Action.ASSIGN_HANDLER, lambda at: {"handler_id": handler, "note": "请抓紧办理"})
    return None


def _ask_suspension(scene: Scene, rng: Random) -> Move | None:
    case, draw = scene.case, rng.random()
    share = 0.09 if case.grade is Grade.COMPLEX else 0.012 if case.grade is Grade.NORMAL else 0.0
    if draw > share or case.suspension is not Asked.NONE or Action.REQUEST_SUSPENSION in scene.refused:
        return None
    when = scene.at(_into_limit(scene, 0.3 + rng.random() * 0.5), rng)

    def words(at: datetime) -> dict[str, object]:
        plan = "列入年度计划，分勘察、立项、施工三个阶段推进，明确专人负责"
        return {"reason": scene.note("suspension", rng, at), "plan": plan}

    return _by(scene, rng, when, Action.REQUEST_SUSPENSION, words, lead=True)


def _ask_extension(scene: Scene, rng: Random) -> Move | None:
    case, draw = scene.case, rng.random()
    wanted = draw < 0.07 and case.extension is Asked.NONE and may_extend(case.grade, scene.rules)
    if not wanted or Action.REQUEST_EXTENSION in scene.refused:
        return None
    when = scene.at(_into_limit(scene, 0.55 + rng.random() * 0.38), rng)

    def words(at: datetime) -> dict[str, object]:
        reason = replies.make_extension_reason(rng=rng, place=scene.truth.place, at=at, phrasebook=scene.phrasebook)
        return {"reason": reason, "citizen_told": True}

    return _by(scene, rng, when, Action.REQUEST_EXTENSION, words, lead=True)


def _note(scene: Scene, rng: Random) -> Move | None:
    """One remark on the way, right after the first contact."""
    case, draw = scene.case, rng.random()
    if draw > 0.25 or case.last_at != case.contacted_at:
        return None
    on_the_way = max((_into_limit(scene, 0.5) - case.last_at) * rng.random(), timedelta(minutes=5))
    when = scene.at(case.last_at + on_the_way, rng)
    return _by(scene, rng, when, Action.ADD_NOTE, lambda at: {"note": scene.note("contact", rng, at)})


def _reply(scene: Scene, rng: Random) -> Move:
    case, truth = scene.case, scene.truth
    acting = _acting(scene)
    quality = scene.world.quality(acting)
    part = quality.speed * rng.lognormvariate(0, 0.45)
    late = rng.random() < quality.late
    part = 1.02 + rng.expovariate(3.0) if late else min(part, 0.97)
    cheats = scene.world.cheats(case.lead_unit_id) if case.lead_unit_id else frozenset()
    if "at_the_limit" in cheats and not late and rng.random() < _HELD_BACK:
        part = 0.96 + 0.02 * rng.random()
    copies = "copied_replies" in cheats and rng.random() < _COPIED
    least = (case.due_at - case.dispatched_at) * 0.02 if case.due_at and case.dispatched_at else timedelta(minutes=5)
    when = max(_into_limit(scene, part), case.last_at + least * (0.5 + rng.random()))
    outcome = scene.outcome()

    def words(at: datetime) -> dict[str, object]:
        assert case.dispatched_at is not None
        told = max(at - timedelta(minutes=5 + int(rng.random() * 90)), case.dispatched_at)
        written = replies.make_reply(
            rng=rng,
            leaf_code=truth.leaf_code,
            unit=directory.unit(acting).short_name,
            title=truth.title,
            place=truth.place,
            at=at,
            phrasebook=scene.phrasebook,
            outcome=_OUTCOMES[outcome],
        )
        return {
            "outcome": str(outcome),
            "means": "visit" if rng.random() < 0.3 else "phone",
            "told_at": told,
            "result": _SAME_FOR_ALL if copies else written.hotline,
            "evidence": "现场照片、与诉求人的通话记录",
        }

    return _by(scene, rng, scene.at(when, rng, by_day=not late), Action.REPLY, words)


def _into_limit(scene: Scene, part: float) -> datetime:
    case = scene.case
    assert case.dispatched_at is not None
    assert case.due_at is not None
    return case.dispatched_at + (case.due_at - case.dispatched_at) * part


def _acting(scene: Scene) -> int:
    case = scene.case
    assert case.lead_unit_id is not None
    return case.sub_unit_id or case.lead_unit_id


def _by(
    scene: Scene,
    rng: Random,
    when: datetime,
    action: Action,
    data: Callable[[datetime], Mapping[str, object]],
    *,
    lead: bool = False,
) -> Move:
    unit_id = scene.case.lead_unit_id if lead else _acting(scene)
    assert unit_id is not None
    role = Role.UNIT_HEAD if lead and rng.random() < 0.5 else Role.HANDLER
    return Move(at=when, action=action, actor=scene.world.staff(unit_id, role, rng), data=data)
