"""What pages and programs read of packs: a period's list, one pack, its neighbours in a meeting, a batch's progress."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import DomainError
from huiyin.evaluation import selectors as evaluation
from huiyin.evaluation.models import UnitResult, Version
from huiyin.evaluation.vocabulary import Group
from huiyin.packs import access, digits, standing
from huiyin.packs.contents import Contents, from_json
from huiyin.packs.models import Pack, PackBatch, State
from huiyin.packs.standing import Key
from huiyin.registry import directory

_GROUPS = list(Group)


class PackNotFound(DomainError):
    """没有这份点评会材料，或您无权查看。"""

    code = "pack_not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A unit of a period that the viewer may see, with its pack if one was asked for."""

    key: Key
    name: str
    district: str
    score: str
    place: str
    pack: Pack | None
    may_make: bool

    @property
    def group(self) -> Group:
        return self.key[0]

    @property
    def unit_id(self) -> int:
        return self.key[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    batch: PackBatch
    ready: int
    failed: int

    @property
    def done(self) -> int:
        return self.ready + self.failed

    @property
    def is_busy(self) -> bool:
        return self.done < self.batch.total


def keys_for(viewer: Viewer) -> list[Key]:
    """The units whose packs the viewer may see, in the order of the lists."""
    return [key for key in standing.lines() if access.sees_line(viewer, key)]


def lines_of(viewer: Viewer, version: Version, keys: Sequence[Key]) -> list[Line]:
    """Two statements, whatever the number of lines."""
    unit_ids = [unit_id for _, unit_id in keys]
    results = {
        (Group(one.group), one.unit_id): one
        for one in UnitResult.objects.filter(version=version, unit_id__in=unit_ids).only(
            "group", "unit_id", "score", "rank"
        )
    }
    packs = {
        (Group(one.group), one.unit_id): one
        for one in Pack.objects.filter(access.visible(viewer), version=version, unit_id__in=unit_ids).defer("contents")
    }
    places = evaluation.scheme_of(version).score_places
    return [_line(viewer, key, results.get(key), packs.get(key), places) for key in keys]


def find(viewer: Viewer, pack_id: int) -> Pack:
    """Raises PackNotFound also for a pack that the viewer may not see."""
    found = Pack.objects.select_related("version__period").filter(access.visible(viewer), pk=pack_id).first()
    if found is None:
        raise PackNotFound
    return found


def contents_of(pack: Pack) -> Contents:
    """Raises PackNotFound for one that has never been made."""
    if not pack.contents:
        raise PackNotFound("这份点评会材料还没有做好，请稍后再看。")
    return from_json(pack.contents)


def neighbours(viewer: Viewer, pack: Pack) -> list[tuple[Pack, str]]:
    """Ready packs of the same period that a meeting may turn to: of the same district, or of the same list."""
    ready = Pack.objects.filter(access.visible(viewer), version_id=pack.version_id, contents__isnull=False)
    if pack.district_id is not None:
        ready = ready.filter(district_id=pack.district_id)
    else:
        ready = ready.filter(group=pack.group)
    found = [(one, standing.name_of(Group(one.group), one.unit_id)) for one in ready.defer("contents")]
    return sorted(found, key=lambda each: (_GROUPS.index(Group(each[0].group)), directory.unit(each[0].unit_id).code))


def latest_batch(viewer: Viewer, version: Version) -> Progress | None:
    """The last batch of a period: of those that ask for all, else the viewer's own."""
    batches = PackBatch.objects.filter(version=version)
    if not access.makes_all(viewer):
        batches = batches.filter(asked_by_id=viewer.staff_id)
    batch = batches.first()
    return progress_of(batch) if batch else None


def find_batch(viewer: Viewer, batch_id: int) -> PackBatch:
    found = PackBatch.objects.filter(pk=batch_id).first()
    if found is None or not (access.makes_all(viewer) or found.asked_by_id == viewer.staff_id):
        raise PackNotFound("没有这批任务，或您无权查看。")
    return found


def progress_of(batch: PackBatch) -> Progress:
    states = dict(batch.packs.values_list("state").annotate(Count("id")).order_by())
    gone = batch.total - sum(states.values())  # packs that a later batch took over
    return Progress(batch=batch, ready=states.get(State.READY, 0) + gone, failed=states.get(State.FAILED, 0))


def _line(viewer: Viewer, key: Key, result: UnitResult | None, pack: Pack | None, places: int) -> Line:
    area = directory.find_area(standing.district_of(*key))
    return Line(
        key=key,
        name=standing.name_of(*key),
        district=area.short_name if area and key[0] is Group.STREET else "",
        score=digits.score(result.score if result else None, places),
        place=digits.NOTHING if result is None or result.rank is None else str(result.rank),
        pack=pack,
        may_make=access.makes(viewer, key),
    )
