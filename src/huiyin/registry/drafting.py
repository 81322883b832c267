"""Makes a new edition of the rules: copy the latest, change rows, publish from a moment on. What is in force stays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from huiyin.registry import revision
from huiyin.registry.completeness import gaps_of
from huiyin.registry.describing import title_of
from huiyin.registry.editing import Editor, plain_values, record
from huiyin.registry.errors import (
    EditionIncomplete,
    EditionInForce,
    EffectiveTooEarly,
    MomentTaken,
    OnlyEdition,
)
from huiyin.registry.models import (
    CaseClass,
    CatalogueRule,
    Edition,
    EditionKind,
    Limit,
    Parameter,
    Reason,
    RegistryChange,
)
from huiyin.registry.spelling import spell

_LONGEST_KEY = 80  # as the history's column holds
TABLES: Mapping[EditionKind, tuple[type[models.Model], ...]] = {
    EditionKind.TAXONOMY: (CaseClass,),
    EditionKind.CATALOGUE: (CatalogueRule,),
    EditionKind.LIMITS: (Limit, Parameter, Reason),
    EditionKind.EVALUATION: (Parameter,),
}


def is_editable(edition: Edition, now: datetime) -> bool:
    """A draft, or a published edition whose moment has not come."""
    return edition.published_at is None or edition.effective_from > now


@transaction.atomic
def start_draft(kind: EditionKind, *, base: Edition, note: str, by: Editor, now: datetime) -> Edition:
    """A draft with all rows of `base`, copied inside the database."""
    last = Edition.objects.select_for_update().filter(kind=kind).order_by("-number").first()
    draft = Edition.objects.create(
        kind=kind.value,
        number=last.number + 1 if last else 1,
        effective_from=now,
        author_id=by.id,
        author_name=by.name,
        note=note,
        created_at=now,
    )
    for model in TABLES[kind]:
        _copy_rows(model, base.pk, draft.pk)
    _remember(draft, "draft", {"base": str(base)}, by=by, now=now)
    return draft


@transaction.atomic
def save_row(row: models.Model, *, by: Editor, now: datetime) -> None:
    """Add or change a row of an edition that may still be changed."""
    edition: Edition = _editable(row.edition_id, now)  # type: ignore[attr-defined]  # every row of an edition has it
    if isinstance(row, CaseClass):
        spelled = [spell(name) for name in (row.level3, row.level2, row.level1)]
        row.pinyin, row.initials = " ".join(full for full, _ in spelled), " ".join(short for _, short in spelled)
    stored = type(row)._default_manager.filter(pk=row.pk).first() if row.pk else None
    before, after = (plain_values(stored) if stored else None), plain_values(row)
    if before == after:
        return
    row.save()
    changed = [name for name in after if before is None or before[name] != after[name]]
    record(
        row,
        before=before and {name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        by=by,
        now=now,
        key=_key_of(edition, row),
    )


@transaction.atomic
def remove_row(row: models.Model, *, by: Editor, now: datetime) -> None:
    edition = _editable(row.edition_id, now)  # type: ignore[attr-defined]
    before, key = plain_values(row), _key_of(edition, row)
    record(row, before=before, after=None, by=by, now=now, key=key)
    row.delete()


@transaction.atomic
def publish(edition_id: int, *, effective_from: datetime, by: Editor, now: datetime) -> Edition:
    """Let the edition hold from this moment on; the one before it then holds until that moment."""
    edition = _editable(edition_id, now)
    gaps = gaps_of(edition)
    if gaps:
        raise EditionIncomplete(_("还不能发布：%s") % "；".join(gaps[:5]))
    in_force = Edition.objects.filter(kind=edition.kind, published_at__isnull=False, effective_from__lte=now)
    latest = in_force.order_by("-effective_from").first()
    if effective_from < now or (latest and effective_from <= latest.effective_from):
        raise EffectiveTooEarly
    before = {"effective_from": edition.effective_from.isoformat() if edition.published_at else ""}
    edition.effective_from, edition.published_at = effective_from, now
    try:
        with transaction.atomic():
            edition.save(update_fields=["effective_from", "published_at"])
    except IntegrityError as exc:
        raise MomentTaken from exc
    _remember(edition, "publish", {"effective_from": effective_from.isoformat()}, by=by, now=now, before=before)
    return edition


@transaction.atomic
def withdraw(edition_id: int, *, by: Editor, now: datetime) -> Edition:
    """Make a published edition whose moment has not come a draft again."""
    edition = _editable(edition_id, now)
    if not Edition.objects.filter(kind=edition.kind, published_at__isnull=False).exclude(pk=edition_id).exists():
        raise OnlyEdition
    edition.published_at = None
    edition.save(update_fields=["published_at"])
    _remember(edition, "withdraw", {}, by=by, now=now)
    return edition


@transaction.atomic
def discard(edition_id: int, *, by: Editor, now: datetime) -> None:
    """Delete a draft; what was published must be withdrawn first."""
    edition = _editable(edition_id, now)
    if edition.published_at is not None:
        raise EditionInForce(_("已发布的版本须先撤回，再删除。"))
    _remember(edition, "discard", {}, by=by, now=now)
    edition.delete()


def _editable(edition_id: int, now: datetime) -> Edition:
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    if not is_editable(edition, now):
        raise EditionInForce
    return edition


def _key_of(edition: Edition, row: models.Model) -> str:
    return f"{edition} · {title_of(row)}"[:_LONGEST_KEY]


def _copy_rows(model: type[models.Model], source_id: int, target_id: int) -> None:
    columns = [f.column for f in model._meta.concrete_fields if f.column not in ("id", "edition_id")]
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    source = f'SELECT %s, {names} FROM "{table}" WHERE edition_id = %s ORDER BY id'
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" (edition_id, {names}) {source}', [target_id, source_id])


def _remember(
    edition: Edition,
    what: str,
    after: dict[str, Any],
    *,
    by: Editor,
    now: datetime,
    before: dict[str, Any] | None = None,
) -> None:
    RegistryChange.objects.create(
        at=now,
        staff_id=by.id,
        staff_name=by.name,
        model="edition",
        key=str(edition),
        before=before,
        after={"what": what, **after},
    )
    revision.renew()
