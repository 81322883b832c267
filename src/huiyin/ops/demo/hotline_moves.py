"""What the hotline's people do next with a case: answer, dispatch, rule, decide, call back, close."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random

from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.moves.callback import UNSOLVABLE
from huiyin.domain.vocabulary import Asked, Missed, Outcome, RequestType, Role, Satisfaction, Status
from huiyin.ops.demo.story import Move, Scene
from huiyin.ops.demo.world import another_unit
from huiyin.registry import directory, routing

_ANSWERED_AT_ONCE = 0.82  # of 咨询: DOMAIN.md §8 has 58.5 % of all calls answered so
_UNANSWERED_CALL = 0.22
_WHY_MISSED = {Missed.NO_ANSWER: 0.7, Missed.OFF: 0.16, Missed.REFUSED: 0.1, Missed.WRONG_NUMBER: 0.04}
_TRANSFERRED = "2206"  # 转接: told whom to call


def received(scene: Scene) -> Move | None:
    rng = scene.dice("received")
    soon = scene.case.last_at + timedelta(minutes=1 + rng.expovariate(1 / 3))
    settle = _settling(scene, rng)
    if settle is not None:
        action, text = settle
        return _by(scene, rng, Role.OPERATOR, soon, action, lambda at: {"answer": text})
    if scene.truth.merge_into is not None and rng.random() < 0.55 and Action.MERGE not in scene.refused:
        data = {"into_id": scene.truth.merge_into, "reason": "反映同一地点同一问题，并单办理"}
        return _by(scene, rng, Role.DISPATCHER, soon + timedelta(minutes=5), Action.MERGE, lambda at: data)
    if rng.random() < 0.004:
        return _by(scene, rng, Role.OPERATOR, soon, Action.CANCEL, lambda at: {"reason": "误登记"})
    waits = rng.expovariate(1 / 9) if rng.random() > 0.2 else 30 + rng.random() * 210
    later = scene.case.last_at + timedelta(minutes=2 + waits)
    return _by(scene, rng, Role.DISPATCHER, later, Action.DISPATCH, lambda at: _destination(scene, rng, at))


def _settling(scene: Scene, rng: Random) -> tuple[Action, str] | None:
    """What needs no unit: questions, thanks, matters of others, wishes against the law."""
    truth, draw = scene.truth, rng.random()
    if truth.request_type is RequestType.CONSULTATION and draw < _ANSWERED_AT_ONCE:
        return Action.DIRECT_ANSWER, f"已就“{truth.title}”向来电人说明现行政策和办理途径，来电人表示清楚。"
    if truth.request_type is RequestType.PRAISE:
        return Action.DIRECT_ANSWER, "已记录表扬内容并转达相关单位，感谢来电。"
    if truth.leaf_code.startswith(_TRANSFERRED) or draw > 0.985:
        return Action.REFER_ELSEWHERE, "所反映事项须由专门渠道受理，已告知相应电话和办理方式。"
    if draw > 0.978:
        return Action.PERSUADE, "诉求缺乏政策依据，已向来电人解释规定并劝导，来电人表示理解。"
    return None


def _destination(scene: Scene, rng: Random, at: datetime) -> dict[str, object]:
    """Mostly where it belongs; sometimes the dispatcher trusts a wrong class or a wrong place."""
    case, truth = scene.case, scene.truth
    draw = rng.random()
    class_code = case.class_code if case.class_code and draw < 0.12 else truth.leaf_code
    unit_id, sub_unit_id = truth.unit_id, truth.sub_unit_id
    if draw < 0.12:
        found = routing.propose_unit(
            class_code=class_code,
            street_id=case.street_id,
            district_id=case.district_id,
            request_type=case.request_type,
            text="",
            at=at,
        )
        unit_id, sub_unit_id = found.unit_id or unit_id, found.sub_unit_id
    if draw > 0.985 and case.district_id:
        unit_id, sub_unit_id = another_unit(rng, case.district_id, {unit_id}), None
    data: dict[str, object] = {"unit_id": unit_id or scene.world.hotline_id, "class_code": class_code}
    if sub_unit_id is not None:
        data["sub_unit_id"] = sub_unit_id
    if 0.3 < draw < 0.34 and case.district_id:
        helper = directory.district_unit(case.district_id)
        if helper and helper.id != data["unit_id"]:
            data["co_unit_ids"] = [helper.id]
    return data


def return_requested(scene: Scene) -> Move | None:
    rng = scene.dice("ruling", len(scene.case.refused_unit_ids), scene.case.lead_unit_id)
    case, truth = scene.case, scene.truth
    wrong = truth.unit_id is not None and case.lead_unit_id != truth.unit_id
    granted = rng.random() < (0.93 if wrong else 0.15)
    when = case.last_at + timedelta(minutes=15 + rng.expovariate(1 / 420))
    taken = {*case.refused_unit_ids, case.lead_unit_id}
    to = truth.unit_id if truth.unit_id not in taken else another_unit(rng, case.district_id, taken)

    def ruling(at: datetime) -> dict[str, object]:
        if not granted or to is None or to in taken:
            return {"granted": False, "reason": "经核实属你单位职责，请继续办理"}
        data: dict[str, object] = {"granted": True, "unit_id": to, "reason": "退单理由成立，改派责任单位办理"}
        if to == truth.unit_id and truth.sub_unit_id:
            data["sub_unit_id"] = truth.sub_unit_id
        return data

    return _by(scene, rng, Role.DISPATCHER, when, Action.RULE_RETURN, ruling)


def decisions(scene: Scene) -> Move | None:
    """Extensions and suspensions that a unit has asked for."""
    case = scene.case
    rng = scene.dice("decision", case.extension, case.suspension)
    when = case.last_at + timedelta(minutes=40 + rng.expovariate(1 / 300))
    if case.extension is Asked.REQUESTED:
        granted = rng.random() < 0.86
        words = "情况属实，同意延期" if granted else "不符合延期条件，请按期办结"
        return _by(
            scene, rng, Role.DISPATCHER, when, Action.DECIDE_EXTENSION, lambda at: {"granted": granted, "reason": words}
        )
    if case.suspension is Asked.REQUESTED:
        agreed = rng.random() < 0.8
        words = "计划明确，同意挂账并按期复核" if agreed else "具备办理条件，不同意挂账"
        return _by(
            scene, rng, Role.DISPATCHER, when, Action.DECIDE_SUSPENSION, lambda at: {"granted": agreed, "reason": words}
        )
    return None


def suspended(scene: Scene) -> Move | None:
    rng = scene.dice("release")
    assert scene.case.suspended_at is not None
    when = scene.case.suspended_at + timedelta(days=8 + rng.expovariate(1 / 30))
    return _by(
        scene, rng, Role.DISPATCHER, when, Action.RELEASE, lambda at: {"reason": "所涉工程已具备条件，销账继续办理"}
    )


def callback_pending(scene: Scene) -> Move | None:
    case = scene.case
    rng = scene.dice("callback", case.callback_attempts)
    earliest = max(case.callback_next_at or case.last_at, case.last_at)
    when = scene.at(earliest + timedelta(minutes=3 + rng.expovariate(1 / 100)), rng)
    if rng.random() < _UNANSWERED_CALL:
        return _by(
            scene,
            rng,
            Role.CALLBACK_AGENT,
            when,
            Action.RECORD_CALLBACK,
            lambda at: _missed(scene, rng, at),
        )
    return _by(scene, rng, Role.CALLBACK_AGENT, when, Action.RECORD_CALLBACK, lambda at: answers(scene, rng, at))


def _missed(scene: Scene, rng: Random, at: datetime) -> dict[str, object]:
    [why] = rng.choices(list(_WHY_MISSED), weights=list(_WHY_MISSED.values()))
    return {"reached": False, "missed": str(why), "remark": scene.note(str(why), rng, at)}


def answers(scene: Scene, rng: Random, at: datetime) -> dict[str, object]:
    """The three questions, answered as what was achieved deserves, with the moods of people."""
    case, outcome = scene.case, scene.outcome()
    solved = rng.random() < {Outcome.SOLVED: 0.97, Outcome.PARTLY: 0.4, Outcome.EXPLAINED: 0.12}[outcome]
    draw = rng.random()
    if solved:
        satisfaction = (
            Satisfaction.SATISFIED
            if draw < 0.82
            else Satisfaction.BASICALLY_SATISFIED
            if draw < 0.965
            else Satisfaction.UNSATISFIED
        )
    else:
        satisfaction = (
            Satisfaction.SATISFIED
            if draw < 0.14
            else Satisfaction.BASICALLY_SATISFIED
            if draw < 0.38
            else Satisfaction.UNSATISFIED
        )
    data: dict[str, object] = {
        "reached": True,
        "contacted": case.contacted_at is not None and rng.random() < 0.985,
        "satisfaction": str(satisfaction),
        "remark": scene.note(_REMARKS[satisfaction], rng, at),
    }
    if case.request_type not in UNSOLVABLE:
        data["solved"] = solved
    return data


_REMARKS = {
    Satisfaction.SATISFIED: "satisfied",
    Satisfaction.BASICALLY_SATISFIED: "basic",
    Satisfaction.UNSATISFIED: "unsatisfied",
}


def called_back(scene: Scene) -> Move | None:
    case = scene.case
    rng = scene.dice("judged", case.callback_attempts)
    when = scene.at(case.last_at + timedelta(minutes=10 + rng.expovariate(1 / 120)), rng)
    if case.round <= scene.rules.max_reworks and rng.random() < 0.6 and Action.REWORK not in scene.refused:
        reason = {"reason": "诉求人反映问题未解决，请重新办理并再次反馈"}
        return _by(scene, rng, Role.CALLBACK_AGENT, when, Action.REWORK, lambda at: reason)
    reason = {"reason": "已充分办理并解释，按现有结果办结"}
    return _by(scene, rng, Role.CALLBACK_AGENT, when, Action.CLOSE, lambda at: reason)


def closed(scene: Scene) -> Move | None:
    """Now and then a case that had been closed too early is taken up again."""
    case = scene.case
    rng = scene.dice("reopen", case.seq)
    if case.lead_unit_id is None or rng.random() > 0.004:
        return None
    assert case.closed_at is not None
    when = scene.at(case.closed_at + timedelta(hours=6 + rng.expovariate(1 / 60)), rng)
    return _by(
        scene,
        rng,
        Role.CALLBACK_AGENT,
        when,
        Action.REOPEN,
        lambda at: {"reason": "诉求人再次来电，问题复发，重新办理"},
    )


def attention(scene: Scene) -> list[Move]:
    """What draws attention on the way: the citizen adds or urges, the hotline presses what is late."""
    case = scene.case
    if case.dispatched_at is None or case.status not in (Status.DISPATCHED, Status.SIGNED, Status.HANDLING):
        return []
    rng = scene.dice("attention")
    span = (case.due_at or case.dispatched_at) - case.dispatched_at
    found: list[Move] = []
    for action, count, share, kind in (
        (Action.SUPPLEMENT, case.supplement_count, 0.05, "supplement"),
        (Action.URGE, case.urge_count, 0.07, "urge"),
    ):
        draw, part = rng.random(), 0.1 + rng.random() * 1.1
        if count == 0 and draw < share:
            when = scene.at(case.dispatched_at + span * part, rng)
            found.append(_by(scene, rng, Role.OPERATOR, when, action, _noting(scene, kind)))
    if case.escalated and not case.supervised and rng.random() < 0.3:
        when = scene.at(case.last_at + timedelta(hours=1 + rng.expovariate(1 / 5)), rng)
        note = {"note": "已超时限，请单位负责人督促，尽快办结并反馈"}
        found.append(_by(scene, rng, Role.DISPATCHER, when, Action.SUPERVISE, lambda at: note))
    return found


def _noting(scene: Scene, kind: str) -> Callable[[datetime], Mapping[str, object]]:
    return lambda at: {"note": scene.note(kind, scene.dice(kind), at)}


def _by(
    scene: Scene,
    rng: Random,
    role: Role,
    when: datetime,
    action: Action,
    data: Callable[[datetime], Mapping[str, object]],
) -> Move:
    actor: Actor = scene.world.at_hotline(role, rng)
    return Move(at=scene.at(when, rng, by_day=False), action=action, actor=actor, data=data)
