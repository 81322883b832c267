"""Writes a checked preset: adds what is missing, renews what nobody edited by hand, and keeps staff's own edits."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import models

from huiyin.domain.calendar import CITY_ZONE
from huiyin.registry import revision
from huiyin.registry.models import (
    Area,
    CalendarDay,
    CaseClass,
    CatalogueRule,
    Edition,
    EditionKind,
    Limit,
    Parameter,
    PlaceName,
    Reason,
    RegistryChange,
    ServiceArea,
    Unit,
)
from huiyin.registry.presets.expanding import AreaRow, UnitRow, areas_of, units_of
from huiyin.registry.presets.reading import Row
from huiyin.registry.presets.schema import Preset
from huiyin.registry.scheme import first_edition
from huiyin.registry.spelling import spell

AUTHOR = "预置数据"
_BATCH = 2000


@dataclass(slots=True)
class Loaded:
    """What a load did, by the Chinese name of each thing."""

    added: Counter[str] = field(default_factory=Counter)
    renewed: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)  # edited by staff, so left as they are
    drafts: list[str] = field(default_factory=list)  # editions to be looked at and published by an administrator

    @property
    def changed(self) -> bool:
        return bool(self.added.total() or self.renewed.total() or self.drafts)


@dataclass(slots=True)
class Writer:
    preset: Preset
    now: datetime
    loaded: Loaded = field(default_factory=Loaded)

    @property
    def since(self) -> date:
        return date.fromisoformat(self.preset.setting("effective_from") or "")

    def write(self) -> Loaded:
        """Call inside a transaction."""
        areas = areas_of(self.preset)
        area_ids = self._write_areas(areas)
        unit_ids = self._write_units(units_of(self.preset, areas), area_ids)
        self._write_service_areas(unit_ids, area_ids)
        self._write_places(areas, area_ids)
        self._write_calendar()
        self._write_editions(unit_ids, area_ids)
        if self.loaded.changed:
            revision.renew()
        return self.loaded

    def _write_areas(self, areas: Mapping[str, AreaRow]) -> dict[str, int]:
        def values(row: AreaRow, ids: Mapping[str, int]) -> dict[str, Any]:
            pinyin, initials = spell(row.short_name)
            return {
                "name": row.name,
                "short_name": row.short_name,
                "kind": row.kind.value,
                "parent_id": ids.get(row.parent_code),
                "district_id": ids.get(row.district_code),
                "pinyin": pinyin,
                "initials": initials,
            }

        waiting = list(areas.values())
        ids = self._write_tree(Area, waiting, values)
        # A district administers itself, which can only be said once it has an id.
        districts = [row.code for row in waiting if row.district_code == row.code]
        Area.objects.filter(code__in=districts, district=None).update(district_id=models.F("id"))
        return ids

    def _write_units(self, units: Mapping[str, UnitRow], area_ids: Mapping[str, int]) -> dict[str, int]:
        def values(row: UnitRow, ids: Mapping[str, int]) -> dict[str, Any]:
            pinyin, initials = spell(row.short_name)
            return {
                "name": row.name,
                "short_name": row.short_name,
                "kind": row.kind.value,
                "parent_id": ids.get(row.parent_code),
                "area_id": area_ids.get(row.area_code),
                "district_id": area_ids.get(row.district_code),
                "service": row.service,
                "phone": row.phone,
                "pinyin": pinyin,
                "initials": initials,
            }

        return self._write_tree(Unit, list(units.values()), values)

    def _write_tree(
        self, model: type[models.Model], rows: list[Any], values: Callable[[Any, Mapping[str, int]], dict[str, Any]]
    ) -> dict[str, int]:
        """Level by level, so that every row finds its parent's id."""
        stored = {row["code"]: row for row in model._default_manager.values()}
        ids = {code: row["id"] for code, row in stored.items()}
        waiting = rows
        while waiting:
            ready = [row for row in waiting if not row.parent_code or row.parent_code in ids]
            if not ready:
                raise RuntimeError(f"parents that lead in a circle: {[row.code for row in waiting[:5]]}")
            new = [row for row in ready if row.code not in stored]
            made = [model(code=row.code, valid_from=self.since, **values(row, ids)) for row in new]
            for one in model._default_manager.bulk_create(made, batch_size=_BATCH):
                ids[one.code] = one.pk  # type: ignore[attr-defined]  # both models have a code
            self.loaded.added[model._meta.model_name or ""] += len(new)
            done = {row.code for row in ready}
            waiting = [row for row in waiting if row.code not in done]
        self._renew(model, {row.code: (stored[row.code], values(row, ids)) for row in rows if row.code in stored})
        return ids

    def _renew(
        self, model: type[models.Model], pairs: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]
    ) -> None:
        """Bring unedited rows to the preset's values, each on record; rows that staff edited stay theirs."""
        name = model._meta.model_name or ""
        changed = {key: pair for key, pair in pairs.items() if any(pair[0][f] != v for f, v in pair[1].items())}
        edited = set(
            RegistryChange.objects.filter(model=name, key__in=changed, staff_id__isnull=False)
            .order_by()
            .values_list("key", flat=True)
        )
        self.loaded.kept += sorted(edited)
        for key, (before, after) in changed.items():
            if key in edited:
                continue
            model._default_manager.filter(pk=before["id"]).update(**after)
            self.loaded.renewed[name] += 1
            RegistryChange.objects.create(
                at=self.now,
                staff_name=AUTHOR,
                model=name,
                key=key,
                before={f: before[f] for f in after if before[f] != after[f]},
                after={f: v for f, v in after.items() if before[f] != v},
            )

    def _write_service_areas(self, unit_ids: Mapping[str, int], area_ids: Mapping[str, int]) -> None:
        wanted = [(unit_ids[row["unit_code"]], area_ids[row["area_code"]]) for row in self.preset["service_areas.csv"]]
        stored = set(ServiceArea.objects.values_list("unit_id", "area_id"))
        new = [ServiceArea(unit_id=unit, area_id=area) for unit, area in wanted if (unit, area) not in stored]
        ServiceArea.objects.bulk_create(new)
        self.loaded.added["servicearea"] += len(new)

    def _write_places(self, areas: Mapping[str, AreaRow], area_ids: Mapping[str, int]) -> None:
        stored = set(PlaceName.objects.values_list("name", "street_id"))
        new = []
        # A place that passes through several streets has a row in each of them.
        rows = [(row, code) for row in self.preset["places.csv"] for code in row["street_code"].split("|")]
        for row, street_code in rows:
            street_id = area_ids[street_code]
            if (row["name"], street_id) in stored:
                continue
            community = areas.get(row["community_code"])
            pinyin, initials = spell(row["name"])
            new.append(
                PlaceName(
                    name=row["name"],
                    aliases=list(row["aliases"]),
                    kind=row["kind"].value,
                    street_id=street_id,
                    community_id=area_ids[community.code]
                    if community and community.parent_code == street_code
                    else None,
                    pinyin=pinyin,
                    initials=initials,
                    lon=row["lon"],
                    lat=row["lat"],
                    source=row["source"],
                    valid_from=self.since,
                )
            )
        PlaceName.objects.bulk_create(new, batch_size=_BATCH)
        self.loaded.added["placename"] += len(new)

    def _write_calendar(self) -> None:
        stored = set(CalendarDay.objects.values_list("day", flat=True))
        rows = [row for row in self.preset["calendar.csv"] if row["day"] not in stored]
        CalendarDay.objects.bulk_create(
            CalendarDay(day=row["day"], worked=row["worked"], name=row["name"]) for row in rows
        )
        self.loaded.added["calendarday"] += len(rows)

    def _write_editions(self, unit_ids: Mapping[str, int], area_ids: Mapping[str, int]) -> None:
        taxonomy = self._edition(EditionKind.TAXONOMY, "taxonomy.csv")
        if taxonomy:
            CaseClass.objects.bulk_create(_case_class(taxonomy, row) for row in self.preset["taxonomy.csv"])
        catalogue = self._edition(EditionKind.CATALOGUE, "catalogue.csv")
        if catalogue:
            rows = self.preset["catalogue.csv"]
            CatalogueRule.objects.bulk_create(_catalogue_rule(catalogue, row, unit_ids, area_ids) for row in rows)
        limits = self._edition(EditionKind.LIMITS, "limits.csv", "parameters.csv", "reasons.csv")
        if limits:
            Limit.objects.bulk_create(_plain(Limit, limits, self.preset["limits.csv"]))
            Parameter.objects.bulk_create(_plain(Parameter, limits, self.preset["parameters.csv"]))
            Reason.objects.bulk_create(_plain(Reason, limits, self.preset["reasons.csv"]))
        start = datetime.combine(self.since, time(), tzinfo=CITY_ZONE)
        if first_edition(since=start, now=self.now, author=AUTHOR):
            self.loaded.added["edition"] += 1

    def _edition(self, kind: EditionKind, *files: str) -> Edition | None:
        """A new edition unless these very contents were loaded before; a later one waits as a draft for publication."""
        digest = _digest(row for name in files for row in self.preset[name])
        editions = Edition.objects.filter(kind=kind)
        if editions.filter(digest=digest).exists():
            return None
        last = editions.order_by("-number").first()
        start = datetime.combine(self.since, time(), tzinfo=CITY_ZONE)
        edition = Edition.objects.create(
            kind=kind.value,
            number=last.number + 1 if last else 1,
            effective_from=self.now if last else start,
            published_at=None if last else self.now,
            author_name=AUTHOR,
            note=self.preset.setting("note") or "",
            digest=digest,
            created_at=self.now,
        )
        if last:
            self.loaded.drafts.append(str(edition))
        else:
            self.loaded.added["edition"] += 1
        return edition


def _case_class(edition: Edition, row: Row) -> CaseClass:
    spelled = [spell(row[level]) for level in ("level3", "level2", "level1")]
    return CaseClass(
        edition=edition,
        code=row["code"],
        level1=row["level1"],
        level2=row["level2"],
        level3=row["level3"],
        request_types=[kind.value for kind in row["request_types"]],
        default_unit_type=row["unit_kind"].value,
        default_department=row["department"],
        urgency=row["grade"].value,
        dimension=row["dimension"],
        keywords=list(row["keywords"]),
        pinyin=" ".join(full for full, _ in spelled),
        initials=" ".join(initials for _, initials in spelled),
    )


def _catalogue_rule(
    edition: Edition, row: Row, unit_ids: Mapping[str, int], area_ids: Mapping[str, int]
) -> CatalogueRule:
    return CatalogueRule(
        edition=edition,
        priority=row["priority"],
        class_prefix=row["class_prefix"],
        area_id=area_ids.get(row["area_code"]),
        request_type=str(row["request_type"]),
        word=row["word"],
        target_kind=row["target_kind"].value,
        target_name=row["target_name"],
        target_unit_id=unit_ids.get(row["target_unit_code"]),
        note=row["note"],
    )


def _plain(model: type[models.Model], edition: Edition, rows: Iterable[Row]) -> list[Any]:
    return [model(edition=edition, **{k: getattr(v, "value", v) for k, v in row.values.items()}) for row in rows]


def _digest(rows: Iterable[Row]) -> str:
    lines = "\n".join(repr(sorted((k, str(v)) for k, v in row.values.items())) for row in rows)
    return hashlib.sha256(lines.encode()).hexdigest()
