"""Joins cases into a matter and takes them out again: by people only, with who, when and why, each step reversible.

The machine proposes and never touches a matter. What a person takes out is kept apart and proposed no more, until a
person joins it again.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min, Q

from huiyin.accounts.viewer import Viewer
from huiyin.cases import selectors
from huiyin.cases.desk import CaseNotFound
from huiyin.cases.models import Case
from huiyin.domain.errors import DomainError, InvalidData, NotPermitted
from huiyin.domain.vocabulary import Role, Term
from huiyin.matching.models import Apart, Entry, Matter, Member

MAY_JOIN = (Role.OPERATOR, Role.DISPATCHER, Role.UNIT_HEAD, Role.ANALYST)
MOST = 2000  # cases of one matter
_LONGEST_WHY = 200
_LONGEST_NAME = 100


class Change(Term):
    """What can happen to a matter."""

    FORM = "form", "建立"
    JOIN = "join", "并入"
    SPLIT = "split", "拆出"
    DESCRIBE = "describe", "修改名称或说明"
    DISSOLVE = "dissolve", "解散"


class InTwoMatters(DomainError):
    """所选案件已分属不同的共性问题，请先把其中一方拆出。"""

    code = "in_two_matters"


class MatterNotFound(DomainError):
    """没有这个共性问题，或其中没有您可查看的案件。"""

    code = "matter_not_found"


class NotInMatter(DomainError):
    """此案件已不在这个共性问题中。"""

    code = "not_in_matter"


class MatterFull(DomainError):
    """一个共性问题最多2000件，请另建一个。"""

    code = "matter_full"


@transaction.atomic
def put_together(
    case_ids: Collection[int], *, viewer: Viewer, why: str, now: datetime, into: int | None = None
) -> Matter:
    """Joins cases into the matter that one of them belongs to, into the one named, or into a new one."""
    _may(viewer)
    reason = _reason(why)
    cases = list(selectors.cases_for(viewer).filter(pk__in=set(case_ids)).order_by("registered_at", "pk"))
    if len(cases) < len(set(case_ids)) or not cases:
        raise CaseNotFound
    there = dict(Member.objects.filter(case_id__in=case_ids).values_list("case_id", "matter_id"))
    matters = set(there.values()) | ({into} if into else set())
    if len(matters) > 1:
        raise InTwoMatters
    if not matters and len(cases) < 2:
        raise InvalidData({"cases": "请至少选择两件案件"})
    matter = _locked(matters.pop()) if matters else _new(cases, now)
    added = [case.pk for case in cases if case.pk not in there]
    if added:
        _add(matter, added, now)
        fresh = len(added) == len(cases) and not into
        _note(matter, Change.FORM if fresh else Change.JOIN, added, viewer=viewer, why=reason, now=now)
    return matter


@transaction.atomic
def split(matter_id: int, case_ids: Collection[int], *, viewer: Viewer, why: str, now: datetime) -> Matter:
    """Takes cases out. They are remembered as different from those that stay; a matter of one is dissolved."""
    _may(viewer)
    reason = _reason(why, needed=True)
    matter = _locked(matter_id)
    wanted = set(selectors.cases_for(viewer).filter(pk__in=set(case_ids)).values_list("pk", flat=True))
    members = set(Member.objects.filter(matter=matter).values_list("case_id", flat=True))
    if not wanted or not wanted <= members:
        raise NotInMatter
    stay = members - wanted
    pairs = ((min(one, other), max(one, other)) for one in wanted for other in stay)
    Apart.objects.bulk_create(
        (Apart(one_id=one, other_id=other, at=now) for one, other in pairs), ignore_conflicts=True, batch_size=2000
    )
    Member.objects.filter(matter=matter, case_id__in=wanted).delete()
    _note(matter, Change.SPLIT, sorted(wanted), viewer=viewer, why=reason, now=now)
    if len(stay) > 1:
        _count(matter)
        return matter
    Member.objects.filter(matter=matter).delete()
    matter.size, matter.dissolved_at = 0, now
    matter.save(update_fields=["size", "dissolved_at"])
    _note(matter, Change.DISSOLVE, sorted(stay), viewer=viewer, why="不足两件", now=now)
    return matter


@transaction.atomic
def keep_apart(case_id: int, other_id: int, *, viewer: Viewer, now: datetime) -> None:
    """不是同一件: a proposal refused; not made again."""
    _may(viewer)
    if case_id == other_id or selectors.cases_for(viewer).filter(pk__in=[case_id, other_id]).count() < 2:
        raise CaseNotFound
    pair = {"one_id": min(case_id, other_id), "other_id": max(case_id, other_id)}
    Apart.objects.get_or_create(**pair, defaults={"at": now})


@transaction.atomic
def describe(matter_id: int, *, name: str, note: str, viewer: Viewer, now: datetime) -> Matter:
    _may(viewer)
    name = name.replace("\x00", "").strip()
    if not 2 <= len(name) <= _LONGEST_NAME:
        raise InvalidData({"name": "请填写2至100个字的名称"})
    matter = _locked(matter_id)
    if not selectors.cases_for(viewer).filter(pk__in=Member.objects.filter(matter=matter).values("case_id")).exists():
        raise MatterNotFound
    matter.name, matter.note = name, note.replace("\x00", "").strip()[:2000]
    matter.save(update_fields=["name", "note"])
    _note(matter, Change.DESCRIBE, [], viewer=viewer, why=name, now=now)
    return matter


def _may(viewer: Viewer) -> None:
    if not viewer.has(*MAY_JOIN):
        raise NotPermitted


def _reason(why: str, *, needed: bool = False) -> str:
    reason = why.replace("\x00", "").strip()[:_LONGEST_WHY]
    if needed and len(reason) < 2:
        raise InvalidData({"why": "请写明原因"})
    return reason


def _locked(matter_id: int) -> Matter:
    matter = Matter.objects.select_for_update().filter(pk=matter_id, dissolved_at__isnull=True).first()
    if matter is None:
        raise MatterNotFound
    return matter


def _new(cases: list[Case], now: datetime) -> Matter:
    first = cases[0]
    return Matter.objects.create(
        name=first.title[:_LONGEST_NAME],
        class_code=first.class_code,
        taxonomy_edition_id=first.taxonomy_edition_id,
        district_id=first.district_id,
        street_id=first.street_id,
        community_id=first.community_id,
        size=0,
        callers=0,
        first_at=first.registered_at,
        last_at=cases[-1].registered_at,
        created_at=now,
    )


def _add(matter: Matter, case_ids: Iterable[int], now: datetime) -> None:
    """Joining by hand takes back that they were kept apart."""
    added = list(case_ids)
    if matter.size + len(added) > MOST:
        raise MatterFull
    try:
        with transaction.atomic():
            Member.objects.bulk_create(Member(case_id=case_id, matter=matter, joined_at=now) for case_id in added)
    except IntegrityError as exc:  # somebody joined one of them elsewhere in this moment
        raise InTwoMatters from exc
    members = Member.objects.filter(matter=matter).values("case_id")
    Apart.objects.filter(Q(one_id__in=added, other_id__in=members) | Q(other_id__in=added, one_id__in=members)).delete()
    _count(matter)


def _count(matter: Matter) -> None:
    members = Case.objects.filter(pk__in=Member.objects.filter(matter=matter).values("case_id"))
    told = members.aggregate(
        size=Count("pk"),
        callers=Count("requester_id", distinct=True),
        first_at=Min("registered_at"),
        last_at=Max("registered_at"),
    )
    for name, value in told.items():
        setattr(matter, name, value)
    matter.save(update_fields=list(told))


def _note(matter: Matter, what: Change, case_ids: list[int], *, viewer: Viewer, why: str, now: datetime) -> None:
    Entry.objects.create(
        matter=matter,
        at=now,
        what=str(what),
        case_ids=case_ids,
        staff_id=viewer.staff_id,
        staff_name=viewer.name,
        unit_id=viewer.unit_id,
        why=why,
    )
