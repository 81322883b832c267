"""Asks for packs and makes them: one job a pack, each of which may run twice, fail alone and be asked for again."""

import logging
import secrets
import time
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import DomainError
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import Group, Stage
from huiyin.packs import access, charts, ground, standing
from huiyin.packs.contents import from_json, to_json
from huiyin.packs.gathering import gather
from huiyin.packs.models import Form, Pack, PackBatch, State
from huiyin.packs.standing import Key
from huiyin.packs.writers import docx, pdf, pptx

log = logging.getLogger(__name__)

FILES: Final = {Form.DOCX: docx.write, Form.PDF: pdf.write, Form.PPTX: pptx.write}
_SILENT = timedelta(minutes=15)  # a pack that rests so long has lost its job with a worker
_BROKEN = "制作时出错，已记入日志；请重试，仍不成功请联系管理员"
_UNDER_WAY = [str(State.WAITING), str(State.MAKING)]
_AT_ONCE = 500


@transaction.atomic
def ask(version: Version, keys: Collection[Key], *, by: Viewer, now: datetime, again: bool = False) -> PackBatch:
    """Has these packs made; what is ready stays unless `again`, what is under way goes on. MayNotMake, NotPublished."""
    if version.stage != Stage.PUBLISHED:
        raise ground.NotPublished
    if not keys or not all(access.makes(by, key) for key in keys):
        raise access.MayNotMake
    Pack.objects.bulk_create((_row(version, key, now) for key in keys), ignore_conflicts=True)
    wanted = _of(version, keys)
    fresh = [pack.pk for pack in wanted if pack.state == State.FAILED or pack.batch_id is None or again]
    batch = PackBatch.objects.create(
        version=version, total=len(wanted), asked_by_id=by.staff_id, asked_by=by.name, asked_at=now
    )
    Pack.objects.filter(pk__in=[pack.pk for pack in wanted]).update(batch=batch)
    _send(fresh, now)
    return batch


@transaction.atomic
def retry(batch: PackBatch, *, by: Viewer, now: datetime) -> int:
    """The failed packs of a batch once more; gives how many."""
    failed = [pack for pack in batch.packs.filter(state=str(State.FAILED)) if access.makes(by, key_of(pack))]
    _send([pack.pk for pack in failed], now)
    return len(failed)


@transaction.atomic
def renew(pack: Pack, *, now: datetime) -> bool:
    """A ready pack once more, asked for by nobody; False where it is under way already or has failed."""
    if not Pack.objects.filter(pk=pack.pk, state=str(State.READY)).update(state=str(State.WAITING)):
        return False
    _send([pack.pk], now)
    return True


def resume_lost(now: datetime) -> int:
    """Packs whose worker died are sent again; called every few minutes."""
    lost = Pack.objects.filter(state__in=_UNDER_WAY, touched_at__lt=now - _SILENT)
    ids = list(lost.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    with transaction.atomic():
        _send(ids, now)
    return len(ids)


def make(pack_id: int, *, now: datetime) -> bool:
    """Makes one pack, if nobody else has; False where there was nothing to do. A refusal is kept as its error."""
    if not Pack.objects.filter(pk=pack_id, state__in=_UNDER_WAY).update(state=str(State.MAKING), touched_at=now):
        return False
    pack = Pack.objects.select_related("version__period").get(pk=pack_id)
    began = time.perf_counter()
    try:
        _make(pack, now=now, began=began)
    except DomainError as refused:
        _fail(pack, refused.message)
    except Exception:
        _fail(pack, _BROKEN)
        raise
    return True


def key_of(pack: Pack) -> Key:
    return Group(pack.group), pack.unit_id


def file_of(pack: Pack, form: Form) -> str:
    """Where a file of a pack lies in the storage."""
    return f"{pack.folder}/pack.{form}"


def chart_of(pack: Pack, name: str) -> str:
    return f"{pack.folder}/{name}.svg"


def _make(pack: Pack, *, now: datetime, began: float) -> None:
    shared = ground.ground_of(pack.version, now=now)
    contents = gather(shared, *key_of(pack))
    pictures = charts.draw_all(contents.charts)
    folder = f"packs/{contents.period_code}/{secrets.token_hex(12)}"
    for form, write in FILES.items():
        default_storage.save(f"{folder}/pack.{form}", ContentFile(write(contents, pictures)))
    for picture in pictures.values():
        default_storage.save(f"{folder}/{picture.name}.svg", ContentFile(picture.svg))
    old = list(_files(pack))
    pack.contents, pack.folder, pack.made_at, pack.touched_at = to_json(contents), folder, now, now
    pack.state, pack.error, pack.seconds = str(State.READY), "", round(time.perf_counter() - began, 3)
    pack.save(update_fields=["contents", "folder", "made_at", "touched_at", "state", "error", "seconds"])
    for name in old:
        default_storage.delete(name)


def _files(pack: Pack) -> Iterable[str]:
    if pack.folder and pack.contents:
        yield from (file_of(pack, form) for form in FILES)
        yield from (chart_of(pack, chart.name) for chart in from_json(pack.contents).charts)


def _fail(pack: Pack, error: str) -> None:
    log.warning("pack %s failed", pack.pk)
    Pack.objects.filter(pk=pack.pk).update(state=str(State.FAILED), error=error[:200])


def _row(version: Version, key: Key, now: datetime) -> Pack:
    group, unit_id = key
    return Pack(
        version=version,
        group=str(group),
        unit_id=unit_id,
        district_id=standing.district_of(group, unit_id),
        asked_at=now,
        touched_at=now,
    )


def _of(version: Version, keys: Collection[Key]) -> list[Pack]:
    wanted = {(str(group), unit_id) for group, unit_id in keys}
    return [one for one in Pack.objects.filter(version=version).defer("contents") if (one.group, one.unit_id) in wanted]


def _send(pack_ids: list[int], now: datetime) -> None:
    """Jobs are enqueued within the transaction, behind what is more urgent."""
    from huiyin.packs import jobs

    if pack_ids:
        Pack.objects.filter(pk__in=pack_ids).update(state=str(State.WAITING), error="", asked_at=now, touched_at=now)
        jobs.make.configure(priority=jobs.PATIENT).batch_defer(*({"pack_id": pack_id} for pack_id in pack_ids))
