"""Finds cases that tell of the same thing: candidates by index (place, kind, caller, words), weighed in the process.

Three statements, whatever was said and however many cases there are: the latest candidates by each index with their
matters, what people kept apart, and the cases themselves as the viewer may see them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from huiyin.accounts import sealed
from huiyin.accounts.viewer import Viewer
from huiyin.cases import selectors
from huiyin.cases.disclosure import words_for
from huiyin.cases.models import Case
from huiyin.matching import sketching
from huiyin.nlp.sameness import LIKE, VERY_LIKE, Prepared, Told, compare, prepare, span_text

RECENT = timedelta(days=30)
_SHOWN = 5
_LEAST = 0.3  # below it nothing is worth an operator's look
# What it says to be in the same street (of some 350), and in the same community: the fitting assumed these.
_STREET_SAYS, _COMMUNITY_SAYS = 5.5, 8.0
_CANDIDATES = """
WITH me AS (
    SELECT coalesce(%(requester)s, (SELECT id FROM requester WHERE phone_print = %(print)s)) AS id
), near AS (
    (SELECT case_id FROM match_sketch WHERE street_id = %(street)s AND branch = %(branch)s
        AND registered_at > %(since)s ORDER BY registered_at DESC LIMIT 30)
    UNION (SELECT case_id FROM match_sketch WHERE community_id = %(community)s
        AND registered_at > %(since)s ORDER BY registered_at DESC LIMIT 30)
    UNION (SELECT case_id FROM match_sketch WHERE requester_id = (SELECT id FROM me)
        AND registered_at > %(since)s ORDER BY registered_at DESC LIMIT 10)
    UNION (SELECT case_id FROM match_sketch WHERE spot_mark = %(spot)s
        AND registered_at > %(since)s ORDER BY registered_at DESC LIMIT 15)
    UNION (SELECT case_id FROM match_sketch WHERE words_mark = %(words)s
        AND registered_at > %(since)s ORDER BY registered_at DESC LIMIT 15)
    -- not sketched yet, a second after registering: the same class in the same street (case_open_place)
    UNION (SELECT id FROM hotline_case WHERE closed_at IS NULL AND street_id = %(street)s AND class_code = %(class)s
        ORDER BY id DESC LIMIT 10)
)
SELECT near.case_id, member.matter_id, (SELECT id FROM me) FROM near
LEFT JOIN matter_member member ON member.case_id = near.case_id
"""
_APART = """
SELECT apart.id, member.matter_id FROM (
    SELECT other_id AS id FROM matter_apart WHERE one_id = %(case)s
    UNION ALL SELECT one_id FROM matter_apart WHERE other_id = %(case)s) AS apart
LEFT JOIN matter_member member ON member.case_id = apart.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A case like the one that is told, as this viewer may read it."""

    case: Case
    title: str
    probability: float
    reasons: Sequence[str]
    same_caller: bool
    matter_id: int | None
    ago: str

    @property
    def word(self) -> str:
        return "很像" if self.probability >= VERY_LIKE else "相近" if self.probability >= LIKE else "可能相同"


def similar_to(
    *,
    viewer: Viewer,
    text: str,
    at: datetime,
    phone: str = "",
    street_id: int | None = None,
    community_id: int | None = None,
    kinds: Mapping[str, float] | None = None,
    address: str = "",
) -> list[Similar]:
    """For a matter that is being told. `kinds` are class codes with their shares; `phone` is plain digits."""
    kinds = kinds or {}
    found = _candidates(
        text=f"{text} {address}",
        at=at,
        street_id=street_id,
        community_id=community_id,
        class_code=max(kinds, key=lambda code: (kinds[code], code), default=""),
        phone=phone,
    )
    told = _told(f"{text} {address}", at, found.requester_id, street_id, community_id, kinds)
    return _weighed(viewer, told, found, apart=_apart(0), but=0)


def similar_to_case(case: Case, *, viewer: Viewer, at: datetime) -> list[Similar]:
    """For a registered case: without those of its own matter, and without what people kept apart from it."""
    found = _candidates(
        text=f"{case.title} {case.content} {case.address}",
        at=min(at, case.registered_at),
        street_id=case.street_id,
        community_id=case.community_id,
        class_code=case.class_code,
        requester_id=case.requester_id,
    )
    return _weighed(viewer, _told_of(case), found, apart=_apart(case.pk), but=case.pk)


def callers_at_point(*, community_id: int | None, street_id: int | None, class_code: str, since: datetime) -> int:
    """How many different callers told of one branch of classes at one point since then; in the community where it is
    known, else in the street (match_community, match_street_branch). For raising the grade."""
    branch = class_code[:4]
    if not branch or not (community_id or street_id):
        return 0
    where, area_id = ("community_id", community_id) if community_id else ("street_id", street_id)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(DISTINCT requester_id) FROM match_sketch WHERE {where} = %s AND branch = %s"
            " AND registered_at >= %s",
            [area_id, branch, since],
        )
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    matter_of: Mapping[int, int | None]
    requester_id: int | None


def _candidates(
    *,
    text: str,
    at: datetime,
    street_id: int | None,
    community_id: int | None,
    class_code: str,
    phone: str = "",
    requester_id: int | None = None,
) -> _Found:
    asked: dict[str, Any] = {
        "requester": requester_id,
        "print": sealed.fingerprint(phone) if phone else None,
        "street": street_id,
        "community": community_id,
        "branch": class_code[:4],
        "class": class_code,
        "spot": sketching.spot_mark(text),
        "words": sketching.words_mark(text),
        "since": at - RECENT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, asked)
        rows = cursor.fetchall()
    return _Found(
        matter_of={case_id: matter_id for case_id, matter_id, _ in rows},
        requester_id=next((me for _, _, me in rows), requester_id),
    )


def _apart(case_id: int) -> tuple[Collection[int], Collection[int]]:
    """Cases, and matters that hold one of them. Asked for a new matter too: the number of statements stays."""
    with connection.cursor() as cursor:
        cursor.execute(_APART, {"case": case_id})
        rows = cursor.fetchall()
    return {row[0] for row in rows}, {row[1] for row in rows if row[1] is not None}


def _weighed(
    viewer: Viewer, told: Told, found: _Found, *, apart: tuple[Collection[int], Collection[int]], but: int
) -> list[Similar]:
    apart_cases, apart_matters = apart
    own = found.matter_of.get(but)
    wanted = [
        case_id
        for case_id, matter_id in found.matter_of.items()
        if case_id != but
        and case_id not in apart_cases
        and (matter_id is None or (matter_id != own and matter_id not in apart_matters))
    ]
    living = Q(closed_at__isnull=True) | Q(merged_into_id__isnull=True, registered_at__gt=_since(told))
    # Asked even where nothing was found: the number of statements says nothing about what there is.
    cases = selectors.cases_for(viewer).filter(living, pk__in=wanted or [0])
    ready = prepare(told, sketching.RARITY)
    weighed = [_similar(viewer, ready, case, found.matter_of[case.pk]) for case in cases]
    good = [similar for similar in weighed if similar.probability >= _LEAST]
    good.sort(key=lambda similar: (-similar.probability, -similar.case.pk))
    return good[:_SHOWN]


def _since(told: Told) -> datetime:
    assert told.at is not None
    return told.at - RECENT


def _similar(viewer: Viewer, ready: Prepared, case: Case, matter_id: int | None) -> Similar:
    theirs = _told_of(case)
    likeness = compare(ready, prepare(theirs, sketching.RARITY))
    assert ready.told.at is not None
    return Similar(
        case=case,
        title=words_for(viewer, case)(case.title),
        probability=likeness.probability,
        reasons=likeness.reasons,
        same_caller=bool(ready.told.caller) and ready.told.caller == theirs.caller,
        matter_id=matter_id,
        ago=span_text(abs(ready.told.at - case.registered_at)),
    )


def _told_of(case: Case) -> Told:
    kinds = {case.class_code: 1.0} if case.class_code else {}
    text = f"{case.title} {case.content} {case.address}"
    return _told(text, case.registered_at, case.requester_id, case.street_id, case.community_id, kinds)


def _told(
    text: str,
    at: datetime,
    requester_id: int | None,
    street_id: int | None,
    community_id: int | None,
    kinds: Mapping[str, float],
) -> Told:
    areas = [(f"s{street_id}", _STREET_SAYS)] if street_id else []
    if street_id and community_id:
        areas.append((f"c{community_id}", _COMMUNITY_SAYS))
    return Told(text=text, at=at, caller=str(requester_id or ""), areas=areas, kinds=kinds)
