"""Turns a planned matter into what reaches the hotline: the words, what the operator enters, and the truth behind."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import Channel, RequestType, Role
from huiyin.ops.demo.matters import Matter
from huiyin.ops.demo.phrasebook import Phrasebook
from huiyin.ops.demo.places import PlaceWords
from huiyin.ops.demo.story import Truth
from huiyin.ops.demo.texts import NoPhrase, make_person, make_request, pick_type
from huiyin.ops.demo.world import World, another_unit, citizen
from huiyin.ops.models import DemoTruth
from huiyin.registry import routing, rulebook

_NEARLY_RIGHT = 0.045  # an operator takes a sister of the true class …
# The catalogue names one unit, but it is another's. Mostly a border or an owner: then all matters of that branch in
# that street are, and history can tell; now and then a single case.
_BORDERS, _SINGLE = 0.008, 0.002
_UNSURE = 0.02  # … or leaves the class to the dispatcher
_STREET_GIVEN = 0.9  # of citizens who write: the others only name the place in their words


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """`data` is flat as intake takes it; `said` of it is what desk.register keeps as it is."""

    truth: Truth
    row: DemoTruth  # without its case's number
    data: dict[str, Any]
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    name: str
    phone: str
    kind: str


def caller(world: World, number: int) -> Caller:
    rng = world.dice("caller", number)
    name, phone = make_person(rng)
    draw = rng.random()
    return Caller(
        name=name, phone=phone, kind="person" if draw < 0.95 else "legal_person" if draw < 0.99 else "other_org"
    )


def arrive(matter: Matter, *, world: World, phrasebook: Phrasebook, requester_id: int) -> Arrival:
    rng = world.dice("matter", matter.number)
    corner = world.corner(matter.corner)
    place_rng = rng if matter.cluster is None else world.dice("cluster", matter.cluster)
    place = world.spot(place_rng, corner)
    taxonomy = rulebook.taxonomy(rulebook.current(matter.at).taxonomy_id)
    allowed = taxonomy[matter.leaf_code].request_types
    if matter.cluster is not None:  # a trouble of many is not a question
        allowed = tuple(kind for kind in allowed if kind in _TROUBLES) or allowed
    request_type = pick_type(rng=rng, leaf_code=matter.leaf_code, allowed=allowed, phrasebook=phrasebook)
    text = _words(rng, matter, request_type, place, phrasebook)
    district_id, street_id = corner.street.district_id, corner.street.id
    community_id = corner.community.id if corner.community else None
    unit = routing.propose_unit(
        class_code=matter.leaf_code,
        street_id=street_id,
        district_id=district_id,
        request_type=text.request_type,
        text=text.content,
        at=matter.at,
    )
    unit_id, sub_unit_id = unit.unit_id, unit.sub_unit_id
    border = world.dice("border", corner.street.code, matter.leaf_code[:2])
    disputed = border if border.random() < _BORDERS else rng if rng.random() < _SINGLE else None
    if disputed is not None:
        unit_id, sub_unit_id = another_unit(disputed, district_id, {unit_id}) or unit_id, None
    person = caller(world, matter.caller)
    data = {
        "title": text.title,
        "content": text.content,
        "requester_name": person.name,
        "phone": person.phone,
        "requester_kind": person.kind,
        "channel": str(matter.channel),
        "request_type": str(text.request_type),
        "address": text.address,
        **_entered(rng, matter, world, text.request_type, street_id, community_id),
    }
    truth = Truth(
        key=matter.number,
        leaf_code=matter.leaf_code,
        request_type=text.request_type,
        unit_id=unit_id,
        sub_unit_id=sub_unit_id,
        community_id=community_id,
        title=text.title,
        place=place,
        own=matter.own,
    )
    row = DemoTruth(
        key=matter.number,
        leaf_code=matter.leaf_code,
        request_type=str(text.request_type),
        unit_id=unit_id,
        sub_unit_id=sub_unit_id,
        district_id=district_id,
        street_id=street_id,
        community_id=community_id,
        place={name: word for name, word in asdict(place).items() if word},
        cluster=matter.cluster,
        template=text.template_id,
    )
    by_phone = matter.channel is Channel.PHONE
    actor = world.at_hotline(Role.OPERATOR, rng) if by_phone else citizen(requester_id)
    return Arrival(truth=truth, row=row, data=data, actor=actor)


def truth_of(row: DemoTruth, *, title: str, merge_into: int | None = None) -> Truth:
    """The truth again, from its row."""
    return Truth(
        key=row.key,
        leaf_code=row.leaf_code,
        request_type=RequestType(row.request_type),
        unit_id=row.unit_id,
        sub_unit_id=row.sub_unit_id,
        community_id=row.community_id,
        title=title,
        place=PlaceWords(**(_NAMELESS | row.place)),
        merge_into=merge_into,
    )


_NAMELESS = dict.fromkeys(("district", "street", "community", "estate", "road"), "")
_TROUBLES = (RequestType.HELP, RequestType.COMPLAINT, RequestType.REPORT)


def _words(rng: Random, matter: Matter, request_type: RequestType, place: PlaceWords, phrasebook: Phrasebook) -> Any:
    for kind in (request_type, RequestType.COMPLAINT, RequestType.CONSULTATION, RequestType.PRAISE):
        try:
            return make_request(
                rng=rng,
                leaf_code=matter.leaf_code,
                request_type=kind,
                place=place,
                at=matter.at,
                phrasebook=phrasebook,
            )
        except NoPhrase:
            continue
    raise NoPhrase(matter.leaf_code)


def _entered(
    rng: Random,
    matter: Matter,
    world: World,
    request_type: RequestType,
    street_id: int,
    community_id: int | None,
) -> Mapping[str, Any]:
    """What is chosen from lists: an operator chooses class and place, a citizen at most the place."""
    by_phone = matter.channel is Channel.PHONE
    entered: dict[str, Any] = {}
    if by_phone or rng.random() < _STREET_GIVEN:
        entered["street_id"] = street_id
        if community_id is not None and rng.random() < (0.8 if by_phone else 0.3):
            entered["community_id"] = community_id
    if by_phone:
        draw = rng.random()
        if draw > _UNSURE + _NEARLY_RIGHT:
            entered["class_code"] = matter.leaf_code
        elif draw > _UNSURE:
            entered["class_code"] = _sister(rng, matter)
    if request_type is RequestType.REPORT and rng.random() < 0.15:
        entered["confidential"] = True
    if rng.random() < 0.06:
        entered["anonymous"] = True
    return entered


def _sister(rng: Random, matter: Matter) -> str:
    codes = rulebook.taxonomy(rulebook.current(matter.at).taxonomy_id)
    sisters = [code for code in codes if code[:4] == matter.leaf_code[:4] and code != matter.leaf_code]
    return rng.choice(sisters) if sisters else matter.leaf_code
