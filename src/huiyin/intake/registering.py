"""How every channel registers a matter: fill what was not said by proposals, dispatch at once where they are sure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from huiyin.cases import desk
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import RequestType
from huiyin.intake.crowds import propose_with_crowd
from huiyin.intake.proposing import Known, Proposal
from huiyin.registry import directory

# 咨询 waits for an answer at the hotline, 表扬 for a thank-you: neither is sent to a unit by the machine.
_NOT_DISPATCHED_BY_ITSELF = frozenset({RequestType.CONSULTATION, RequestType.PRAISE})


def register_matter(
    *,
    actor: Actor,
    data: Mapping[str, object],
    now: datetime,
    source: tuple[str, str] = ("", ""),
    then: Sequence[desk.Step] = (),
    left_empty: Collection[str] = (),
    position: tuple[float, float] | None = None,
) -> Case:
    """Registers what came in over any channel. `data` is flat as for `desk.register`, but type, class, grade and place
    may be missing: they are proposed. A proposal that is sure enough is dispatched in the same transaction.

    `then` is how a person settles the matter at once (直接答复 …): nothing is dispatched beside it. What a person
    emptied on purpose is named in `left_empty`: it stays empty, and a person dispatches.

    Raises InvalidData with a message for every wrong field.
    """
    known = known_of(data)
    proposal = propose_with_crowd(known, at=now)
    proposed = {name: value for name, value in proposed_values(proposal).items() if name not in left_empty}
    filled = {**data, **{name: value for name, value in proposed.items() if not data.get(name)}}
    if not then and not left_empty and goes_out_by_itself(proposal, request_type=str(filled.get("request_type"))):
        then = dispatch_step(proposal)
    return desk.register(
        actor=actor,
        data=filled,
        now=now,
        then=then,
        proposal=proposal.as_json(),
        source=source,
        position=position,
    )


def dispatch_step(proposal: Proposal) -> tuple[desk.Step, ...]:
    """派单 by the system, with the machine's reasons as its own."""
    data: dict[str, Any] = {"unit_id": proposal.unit.unit_id, "reason": "；".join(proposal.unit.reasons) or None}
    if proposal.unit.sub_unit_id is not None:
        data["sub_unit_id"] = proposal.unit.sub_unit_id
    return (desk.Step(action=Action.DISPATCH, data=data, actor=Actor.system()),)


def goes_out_by_itself(proposal: Proposal, *, request_type: str) -> bool:
    """Whether the system dispatches it in the moment of registering."""
    return proposal.automatic and request_type not in _NOT_DISPATCHED_BY_ITSELF


def proposed_values(proposal: Proposal) -> dict[str, object]:
    return {
        "class_code": proposal.class_code,
        "request_type": str(proposal.request_type),
        "grade": str(proposal.grade.grade),
        "district_id": proposal.place.district_id,
        "street_id": proposal.place.street_id,
        "community_id": proposal.place.community_id,
    }


def known_of(data: Mapping[str, object]) -> Known:
    """Only what can be read without fault; wrong values are left for the desk to name at their fields."""
    raw_type = str(data.get("request_type") or "")
    return Known(
        text=f"{data.get('title') or ''} {data.get('content') or ''}",
        address=str(data.get("address") or ""),
        class_code=str(data.get("class_code") or ""),
        request_type=RequestType(raw_type) if raw_type in set(RequestType) else None,
        district_id=_area_id(data, "district_id"),
        street_id=_area_id(data, "street_id"),
        community_id=_area_id(data, "community_id"),
    )


def _area_id(data: Mapping[str, object], name: str) -> int | None:
    raw = str(data.get(name) or "")
    if not raw:
        return None
    if not raw.isdecimal() or int(raw) not in directory.areas():
        raise InvalidData({name: "没有这个地点，请从列表中选择"})
    return int(raw)
