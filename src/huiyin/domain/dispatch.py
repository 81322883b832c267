"""派单: which unit must act on a matter, by the dispatch catalogue, the place and the class's default, and why.

DOMAIN.md §2.4, rules 3 to 6. A rule of the catalogue comes first, then what the class says, then the district of
the place (兜底). Matters for a district's bureau go to the district government, which hands them down (二级承办).
Without a place only departments, companies and the hotline can be named.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from huiyin.domain.vocabulary import RequestType, Term, UnitKind

PLACE_UNKNOWN = "地点不明，无法确定承办单位"


class Match(Term):
    """What decided: the more a rule says about the matter, the surer it is."""

    NAMED_UNIT = "named_unit", "派单目录指定单位"
    LEAF = "leaf", "派单目录（三级分类）"
    WORD = "word", "派单目录（按内容）"
    GROUP = "group", "派单目录（二级分类）"
    CLASS_DEFAULT = "class_default", "分类默认"
    BRANCH = "branch", "派单目录（一级分类）"
    ANY = "any", "派单目录（通用）"
    ONE_OF_SEVERAL = "one_of_several", "多家企业之一"
    COMPANY_WITHOUT_PLACE = "company_without_place", "地点不明的企业"
    FALLBACK = "fallback", "区兜底"
    NONE = "none", "未能确定"


# How sure a proposal is, 0 to 1, for each kind of match [DESIGN]; the least sure step of a proposal counts.
CONFIDENCE: Mapping[Match, Decimal] = MappingProxyType(
    {
        Match.NAMED_UNIT: Decimal("0.98"),
        Match.LEAF: Decimal("0.95"),
        Match.WORD: Decimal("0.92"),
        Match.GROUP: Decimal("0.92"),
        Match.CLASS_DEFAULT: Decimal("0.90"),
        Match.BRANCH: Decimal("0.80"),
        Match.ANY: Decimal("0.70"),
        Match.ONE_OF_SEVERAL: Decimal("0.70"),
        Match.COMPANY_WITHOUT_PLACE: Decimal("0.60"),
        Match.FALLBACK: Decimal("0.60"),
        Match.NONE: Decimal("0.00"),
    }
)
_BY_PREFIX = {6: Match.LEAF, 4: Match.GROUP, 2: Match.BRANCH, 0: Match.ANY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What is known about a matter when it is to be dispatched."""

    class_code: str = ""
    request_type: RequestType | None = None
    text: str = ""
    street_id: int | None = None
    district_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRow:
    """One rule of the catalogue; empty conditions hold always, of `words` one must occur in the text."""

    priority: int
    target_kind: UnitKind
    class_prefix: str = ""
    area_id: int | None = None
    request_type: RequestType | None = None
    words: tuple[str, ...] = ()
    target_name: str = ""
    target_unit_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassDefault:
    """What the taxonomy says of a class: the kind of unit, and its name where one is meant."""

    unit_kind: UnitKind
    department: str = ""
    label: str = ""


class Jurisdiction(Protocol):
    """Who answers for what; None or nothing where there is no such unit."""

    def hotline(self) -> int | None: ...
    def street_unit(self, area_id: int) -> int | None: ...
    def district_unit(self, area_id: int) -> int | None: ...
    def bureau(self, district_id: int, name: str) -> int | None: ...
    def municipal(self, name: str) -> int | None: ...
    def enterprises(self, name: str, area_ids: tuple[int, ...]) -> tuple[int, ...]:
        """Companies of that name or trade that serve one of the areas (no area: all of them), the nearest first."""
        ...

    def parent_unit(self, unit_id: int) -> int | None:
        """The district above a bureau, the street above a community; None for units that receive directly."""
        ...

    def name_of(self, unit_id: int) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    unit_id: int | None
    sub_unit_id: int | None = None
    confidence: Decimal
    reasons: tuple[str, ...]
    basis: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One kind of unit to try, and why."""

    kind: UnitKind
    name: str
    unit_id: int | None
    match: Match
    why: str


def propose(
    matter: Matter, *, catalogue: Sequence[CatalogueRow], default: ClassDefault | None, jurisdiction: Jurisdiction
) -> Proposal:
    """The unit that must act, or none with the reason; `catalogue` is in the order of `in_order`."""
    return settle(targets(matter, row=first_match(catalogue, matter), default=default), matter, jurisdiction)


def settle(tried: Iterable[Target], matter: Matter, jurisdiction: Jurisdiction) -> Proposal:
    """Where the targets lead at the matter's place; asks nothing else of the matter, so answers can be kept."""
    reasons: list[str] = []
    for target in tried:
        reasons.append(target.why)
        found = _resolve(target, matter, jurisdiction, reasons)
        if found is not None:
            return found
    if not reasons:
        reasons.append("分类不明，派单目录中没有对应规则")
    return _fallback(matter, jurisdiction, reasons)


def in_order(rows: Iterable[CatalogueRow]) -> list[CatalogueRow]:
    """The order in which rules are tried: by priority, then the rule that says most about the matter first."""
    return sorted(
        rows, key=lambda r: (r.priority, -len(r.class_prefix), r.area_id is None, not r.words, r.request_type is None)
    )


def first_match(catalogue: Sequence[CatalogueRow], matter: Matter) -> CatalogueRow | None:
    return next((row for row in catalogue if _holds(row, matter)), None)


def _holds(row: CatalogueRow, matter: Matter) -> bool:
    return (
        matter.class_code.startswith(row.class_prefix)
        and (row.area_id is None or row.area_id in (matter.street_id, matter.district_id))
        and (row.request_type is None or row.request_type == matter.request_type)
        and (not row.words or any(word in matter.text for word in row.words))
    )


def targets(matter: Matter, *, row: CatalogueRow | None, default: ClassDefault | None) -> Iterable[Target]:
    """What to try, in turn; the class's default only counts where no rule matches or the rule's unit does not exist."""
    if row is not None:
        why = _why(row, matter)
        yield Target(
            kind=row.target_kind, name=row.target_name, unit_id=row.target_unit_id, match=_match_of(row), why=why
        )
    if default is None or (row and (row.target_kind, row.target_name) == (default.unit_kind, default.department)):
        return
    why = f"分类“{default.label or matter.class_code}”默认由{default.department or default.unit_kind.label}办理"
    yield Target(kind=default.unit_kind, name=default.department, unit_id=None, match=Match.CLASS_DEFAULT, why=why)


def _match_of(row: CatalogueRow) -> Match:
    if row.target_unit_id is not None:
        return Match.NAMED_UNIT
    return Match.WORD if row.words else _BY_PREFIX[len(row.class_prefix)]


def _why(row: CatalogueRow, matter: Matter) -> str:
    said = word_said(row, matter.text)
    head = f"{_match_of(row).label}：" + (f"内容提到“{said}”，" if said else "")
    return head + (row.note or f"由{row.target_name or row.target_kind.label}办理")


def word_said(row: CatalogueRow, text: str) -> str:
    """The word of the rule that the text says; empty for a rule without words."""
    return next((word for word in row.words if word in text), "")


def _resolve(target: Target, matter: Matter, jurisdiction: Jurisdiction, reasons: list[str]) -> Proposal | None:
    """A unit for the target, or None where no such unit exists; what needs a place falls to the district."""
    if target.unit_id is not None:
        return _give(target.unit_id, target.match, jurisdiction, reasons)
    if target.kind in (UnitKind.STREET, UnitKind.COMMUNITY):
        return _to_street(target, matter, jurisdiction, reasons)
    if target.kind in (UnitKind.DISTRICT_GOV, UnitKind.DISTRICT_BUREAU):
        return _to_district(target, matter, jurisdiction, reasons)
    if target.kind is UnitKind.PUBLIC_ENTERPRISE:
        return _to_company(target, matter, jurisdiction, reasons)
    unit_id = jurisdiction.hotline() if target.kind is UnitKind.HOTLINE else jurisdiction.municipal(target.name)
    if unit_id is None:
        reasons.append(f"没有找到单位“{target.name or target.kind.label}”")
        return None
    return _give(unit_id, target.match, jurisdiction, reasons)


def _to_street(target: Target, matter: Matter, jurisdiction: Jurisdiction, reasons: list[str]) -> Proposal:
    unit_id = None if matter.street_id is None else jurisdiction.street_unit(matter.street_id)
    if unit_id is not None:
        reasons.append(f"地点属{jurisdiction.name_of(unit_id)}")
        return _give(unit_id, target.match, jurisdiction, reasons)
    if matter.district_id is not None:
        reasons.append("未确定到街道（乡镇）")
    return _fallback(matter, jurisdiction, reasons)


def _to_district(target: Target, matter: Matter, jurisdiction: Jurisdiction, reasons: list[str]) -> Proposal:
    unit_id = None if matter.district_id is None else jurisdiction.district_unit(matter.district_id)
    if unit_id is None or matter.district_id is None:
        return _fallback(matter, jurisdiction, reasons)
    sub_id = None
    reasons.append(f"地点属{jurisdiction.name_of(unit_id)}")
    if target.name not in ("", "区政府"):
        sub_id = jurisdiction.bureau(matter.district_id, target.name)
        reasons.append(
            f"由其转{jurisdiction.name_of(sub_id)}" if sub_id else f"该区没有“{target.name}”，由区政府另行指定"
        )
    match = target.match
    return Proposal(
        unit_id=unit_id, sub_unit_id=sub_id, confidence=CONFIDENCE[match], reasons=tuple(reasons), basis=match
    )


def _to_company(target: Target, matter: Matter, jurisdiction: Jurisdiction, reasons: list[str]) -> Proposal | None:
    place = tuple(area for area in (matter.street_id, matter.district_id) if area is not None)
    serving = jurisdiction.enterprises(target.name, place)
    if not serving:
        reasons.append(f"当地没有“{target.name}”的服务企业" if place else f"没有找到企业“{target.name}”")
        return None
    basis = target.match
    if not place and len(serving) > 1:
        basis = Match.COMPANY_WITHOUT_PLACE
        reasons.append(f"地点不明，{len(serving)} 家企业中先派{jurisdiction.name_of(serving[0])}")
    elif len(serving) > 1:
        basis = Match.ONE_OF_SEVERAL
        reasons.append(f"当地有 {len(serving)} 家企业，先派{jurisdiction.name_of(serving[0])}")
    return _give(serving[0], basis, jurisdiction, reasons)


def _give(unit_id: int, basis: Match, jurisdiction: Jurisdiction, reasons: list[str]) -> Proposal:
    """A bureau or a community receives through the unit above it."""
    above = jurisdiction.parent_unit(unit_id)
    return Proposal(
        unit_id=unit_id if above is None else above,
        sub_unit_id=None if above is None else unit_id,
        confidence=CONFIDENCE[basis],
        reasons=tuple(reasons),
        basis=basis,
    )


def _fallback(matter: Matter, jurisdiction: Jurisdiction, reasons: list[str]) -> Proposal:
    """兜底: the district of the place takes what nobody else clearly owns."""
    unit_id = None if matter.district_id is None else jurisdiction.district_unit(matter.district_id)
    if unit_id is None:
        unit_id = None if matter.street_id is None else jurisdiction.street_unit(matter.street_id)
    basis = Match.NONE if unit_id is None else Match.FALLBACK
    reasons.append(PLACE_UNKNOWN if unit_id is None else f"由属地{jurisdiction.name_of(unit_id)}兜底")
    return Proposal(unit_id=unit_id, confidence=CONFIDENCE[basis], reasons=tuple(reasons), basis=basis)
