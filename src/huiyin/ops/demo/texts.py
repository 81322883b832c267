"""Makes what a citizen of the demo city says about one leaf at one place, and keeps the truth behind it."""

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from random import Random

from huiyin.domain.vocabulary import RequestType
from huiyin.ops.demo import wording
from huiyin.ops.demo.people import make_person
from huiyin.ops.demo.phrasebook import Demand, Filling, Part, Phrasebook, Template, compile_parts, load_phrases
from huiyin.ops.demo.places import PlaceWords, full_address
from huiyin.ops.demo.replies import (
    GeneratedReply,
    Outcome,
    make_contact_note,
    make_extension_reason,
    make_note,
    make_reply,
    make_return_reason,
)
from huiyin.ops.demo.slots import ANCHORS
from huiyin.ops.demo.typos import roughen

__all__ = [
    "GeneratedReply",
    "GeneratedText",
    "NoPhrase",
    "Outcome",
    "Phrasebook",
    "PlaceWords",
    "load_phrases",
    "make_contact_note",
    "make_extension_reason",
    "make_note",
    "make_person",
    "make_reply",
    "make_request",
    "make_return_reason",
    "pick_leaf",
    "pick_type",
]

_BEIJING = timezone(timedelta(hours=8))
_SHORTEST, _LONGEST = 20, 300  # before noise, which may take a few marks away
# Matters without a site, by level-1 or level-2 class: the place said is where the person lives.
_SITELESS = (
    *(
        "0106",
        "0107",
        "0109",
        "0112",
        "0402",
        "0403",
        "0408",
        "0409",
        "0701",
        "0703",
        "0804",
        "0806",
        "0901",
        "0902",
        "0904",
    ),
    *("0907", "11", "13", "1402", "1403", "1802", "1806", "20", "21", "2203", "2204", "2206"),
)
# Moods by preference: the first is taken where the leaf has it, the second now and then and where it has not.
_MOODS: dict[RequestType, tuple[tuple[str, ...], float]] = {
    RequestType.CONSULTATION: (("ask", "fact"), 0.85),
    RequestType.HELP: (("fact", "ask", "suggest"), 1.0),
    RequestType.COMPLAINT: (("fact", "ask", "suggest"), 1.0),
    RequestType.REPORT: (("fact", "ask"), 1.0),
    RequestType.SUGGESTION: (("suggest", "fact", "ask"), 0.65),
    RequestType.PRAISE: (("praise",), 1.0),
    RequestType.OTHER: (("fact", "ask"), 1.0),
}
# Share of the texts that end with what is wanted, by mood; praise only in the leaves made for it.
_DEMANDING = {"fact": 0.62, "ask": 0.3, "suggest": 0.4, "praise": 0.4}
_PRAISED = frozenset({"220501", "220502", "220503"})
# Shares of types as DOMAIN.md §4 gives them for other cities, moved towards what is dispatched.
_TYPE_WEIGHTS = {
    RequestType.CONSULTATION: 0.34,
    RequestType.HELP: 0.27,
    RequestType.COMPLAINT: 0.27,
    RequestType.REPORT: 0.07,
    RequestType.SUGGESTION: 0.045,
    RequestType.PRAISE: 0.005,
    RequestType.OTHER: 0.005,
}


class NoPhrase(LookupError):
    """Nothing is written for this leaf and this type of request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedText:
    title: str
    content: str
    template_id: str
    demand_id: str  # empty where the text says nothing of what is wanted
    leaf_code: str
    request_type: RequestType
    address: str


def make_request(
    *,
    rng: Random,
    leaf_code: str,
    request_type: RequestType,
    place: PlaceWords,
    at: datetime,
    phrasebook: Phrasebook,
    without: frozenset[str] = frozenset(),
) -> GeneratedText:
    """One request in a citizen's words; templates and demands named in `without` are held out."""
    local = at.astimezone(_BEIJING)
    template = _pick_template(rng, leaf_code, request_type, local.month, phrasebook, without)
    demand = _pick_demand(rng, template, phrasebook, without)
    filling = Filling(rng, place, local)
    return GeneratedText(
        title=_title(rng, filling, template, request_type),
        content=_content(rng, filling, template, request_type, demand),
        template_id=template.template_id,
        demand_id=demand.demand_id if demand else "",
        leaf_code=leaf_code,
        request_type=request_type,
        address=full_address(place),
    )


def pick_leaf(*, rng: Random, at: datetime, phrasebook: Phrasebook) -> str:
    """A leaf by volume, season and hour of the day."""
    local = at.astimezone(_BEIJING)
    cumulated = phrasebook.weights_at(month=local.month, hour=local.hour)
    return phrasebook.leaves[bisect(cumulated, rng.random() * cumulated[-1])]


def pick_type(*, rng: Random, leaf_code: str, allowed: Sequence[RequestType], phrasebook: Phrasebook) -> RequestType:
    """One of the allowed types; a question is rarer where the leaf has no questions of its own."""
    moods = phrasebook.templates[leaf_code]
    weights = [_TYPE_WEIGHTS[kind] * (1.0 if _MOODS[kind][0][0] in moods else 0.3) for kind in allowed]
    return rng.choices(allowed, weights)[0]


def _pick_template(
    rng: Random, leaf_code: str, request_type: RequestType, month: int, phrasebook: Phrasebook, without: frozenset[str]
) -> Template:
    moods = phrasebook.templates.get(leaf_code, {})
    wanted, share = _MOODS[request_type]
    pools = [pool for mood in wanted if (pool := _pool(moods, mood, without))]
    if not pools:
        raise NoPhrase(f"{leaf_code} {request_type.label}")
    first = moods.get(wanted[0]) and rng.random() < share
    pool = pools[0] if first or len(pools) == 1 else pools[1 if moods.get(wanted[0]) else 0]
    for _attempt in range(4):
        template = pool[int(rng.random() * len(pool))]
        if template.months is None or month in template.months:
            break
    return template


def _pool(moods: Mapping[str, tuple[Template, ...]], mood: str, without: frozenset[str]) -> Sequence[Template]:
    pool = moods.get(mood, ())
    return [template for template in pool if template.template_id not in without] if without else pool


def _pick_demand(rng: Random, template: Template, phrasebook: Phrasebook, without: frozenset[str]) -> Demand | None:
    """Praise seldom demands; a question already says what it wants."""
    if rng.random() >= _DEMANDING[template.mood] or (template.mood == "praise") != (template.leaf_code in _PRAISED):
        return None
    open_ones = [one for one in phrasebook.demands[template.leaf_code] if one.demand_id not in without]
    return open_ones[int(rng.random() * len(open_ones))] if open_ones else None


def _title(rng: Random, filling: Filling, template: Template, request_type: RequestType) -> str:
    title = filling.fill(template.title)
    draw = rng.random()
    if draw < 0.3 and not template.title_slots & ANCHORS and template.slots & ANCHORS:
        return filling.value("place") + title
    if draw > 0.86 and title[:2] not in {"求助", "举报", "建议", "表扬", "感谢", "投诉", "咨询", "希望"}:
        return _one(rng, wording.TITLE_LEADS[request_type]) + title
    return title


def _content(
    rng: Random, filling: Filling, template: Template, request_type: RequestType, demand: Demand | None
) -> str:
    before, after = _where(rng, filling, template)
    body = filling.fill(template.body)
    lead = _lead(rng, request_type, body)
    close = _close(rng, request_type, template.mood) if demand is None or rng.random() < 0.25 else ""
    if template.mood == "fact" and rng.random() < 0.12:
        after += "，" + _one(rng, wording.EMOTIONS)
    text = f"{lead}{before}{body}{after}"
    if demand:
        text = _join(rng, text, _demand_lead(rng, request_type, demand) + filling.fill(demand.text))
    if close:
        text = _join(rng, text, close)
    while len(text) < _SHORTEST:
        text = _join(rng, text, _one(rng, wording.CLOSINGS[request_type]))
    text = roughen(rng, text)
    if text[-1] not in "？！。 " and rng.random() < 0.55:
        text += "。"
    return text[:_LONGEST]


def _lead(rng: Random, request_type: RequestType, body: str) -> str:
    draw = rng.random()
    if draw < 0.38:
        return ""
    greeting = _one(rng, wording.GREETINGS) if draw < 0.78 else ""
    opening = ""
    if draw > 0.66 and not body.startswith(("请问", "想问", "建议", "希望", "我要", "求助", "举报", "感谢", "表扬")):
        opening = _one(rng, wording.OPENINGS[request_type])
    return greeting + opening


def _where(rng: Random, filling: Filling, template: Template) -> tuple[str, str]:
    """A sentence with the place, before or after, where the phrase has none."""
    if template.slots & ANCHORS:
        return "", ""
    draw = rng.random()
    if template.mood == "ask" or template.template_id.startswith(_SITELESS):
        return (_said(rng, filling, _WHERE_ASKED), "") if draw < 0.3 else ("", "")
    if draw < 0.5:
        return _said(rng, filling, _WHERE_SHORT if "building" in template.slots else _WHERE), ""
    return ("", _said(rng, filling, _WHERE_AFTER)) if draw < 0.75 else ("", "")


def _close(rng: Random, request_type: RequestType, mood: str) -> str:
    bridges = wording.BRIDGES.get((request_type, mood))
    if bridges:
        return _one(rng, bridges)
    return _one(rng, wording.CLOSINGS[request_type]) if rng.random() < 0.5 else ""


def _demand_lead(rng: Random, request_type: RequestType, demand: Demand) -> str:
    return "希望" if demand.forbids else _one(rng, wording.DEMAND_LEADS[request_type])


def _join(rng: Random, text: str, more: str) -> str:
    mark = "" if text[-1] in "？！。" else "，" if rng.random() < 0.6 else "。"
    return text + mark + more


def _said(rng: Random, filling: Filling, forms: Sequence[Sequence[Part]]) -> str:
    return filling.fill(forms[int(rng.random() * len(forms))])


def _one(rng: Random, values: Sequence[str]) -> str:
    return values[int(rng.random() * len(values))]


_WHERE, _WHERE_SHORT, _WHERE_AFTER, _WHERE_ASKED = (
    tuple(compile_parts(form) for form in forms)
    for forms in (wording.WHERE, wording.WHERE_SHORT, wording.WHERE_AFTER, wording.WHERE_ASKED)
)
