"""Says for each case which unit the machine would have proposed, had it never seen that case's phrases."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from huiyin.domain.vocabulary import RequestType
from huiyin.nlp.classes import ClassModel, Example
from huiyin.nlp.linear import TextClassifier
from huiyin.nlp.unit_choice import UnitChoice, choose_unit
from huiyin.nlp.unit_role import units_of
from huiyin.nlp.words import Leaf
from huiyin.ops.nlp.route_rows import RouteCase
from huiyin.registry import directory, routing, rulebook

Learned = tuple[ClassModel | None, TextClassifier]


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """`with_class` is the proposal once an operator has chosen the class; None where nobody did."""

    case: RouteCase
    choice: UnitChoice
    with_class: UnitChoice | None

    @property
    def right(self) -> bool:
        return self.choice.unit_id == self.case.unit_id


def predict_held_out(
    cases: Sequence[RouteCase], *, folds: int, tell: Callable[[str], None], limit: int
) -> list[Predicted]:
    """Each part is predicted by what was learned from all other parts; a part holds whole groups of phrases."""
    parts = _parts(cases, folds)
    found: list[Predicted] = []
    for number, part in enumerate(parts, start=1):
        others = [case for other in parts if other is not part for case in other]
        tell(f"part {number} of {len(parts)}: learning from {min(limit, len(others)):,} cases, judging {len(part):,}")
        found.extend(predict(part, learn(others[-limit:])))
    return sorted(found, key=lambda one: (one.case.at, one.case.number))


def learn(cases: Sequence[RouteCase]) -> Learned:
    """A model of classes where the cases name them, and one of the roles that units had."""
    labelled = [
        Example(
            id=str(case.number),
            text=case.text,
            leaf_code=case.class_code,
            request_type=case.request_type or RequestType.OTHER,
            group=case.template,
        )
        for case in cases
        if case.class_code
    ]
    classes = ClassModel.train(labelled, leaves()) if labelled else None
    roles = TextClassifier.fit(
        [case.text for case in cases], [case.role for case in cases], groups=[case.template for case in cases]
    )
    return classes, roles


def predict(cases: Sequence[RouteCase], learned: Learned) -> Iterator[Predicted]:
    classes, roles = learned
    of_roles = roles.probabilities([case.text for case in cases])
    for case, shares in zip(cases, of_roles, strict=True):
        second = dict(zip(roles.classes, shares.tolist(), strict=True))
        by_class = classes.probabilities(case.text) if classes else {}
        chosen = _choice(case, {case.chosen_class: 1.0}, None) if case.chosen_class else None
        yield Predicted(case=case, choice=_choice(case, by_class, second), with_class=chosen)


def leaves() -> list[Leaf]:
    from django.utils import timezone

    taxonomy = rulebook.taxonomy(rulebook.current(timezone.now()).taxonomy_id)
    return [
        Leaf(code=info.code, names=(info.level1, info.level2, info.level3), keywords=info.keywords)
        for info in taxonomy.values()
    ]


def _choice(case: RouteCase, by_class: Mapping[str, float], roles: Mapping[str, float] | None) -> UnitChoice:
    @cache
    def unit_of(code: str) -> int | None:
        return routing.propose_unit(
            class_code=code,
            street_id=case.street_id,
            district_id=case.district_id,
            request_type=case.request_type,
            text=case.text,
            at=case.at,
        ).unit_id

    second = None
    if roles:
        street = directory.street_unit(case.street_id) if case.street_id else None
        district = directory.district_unit(case.district_id) if case.district_id else None
        second = units_of(
            {role: share for role, share in roles.items() if share > _NEGLIGIBLE},
            street_unit=street.id if street else None,
            district_unit=district.id if district else None,
            by_code=_by_code(),
        )
    likely = {code: share for code, share in by_class.items() if share > _NEGLIGIBLE}
    return choose_unit(likely, unit_of=unit_of, second=second)


_NEGLIGIBLE = 0.003


@lru_cache(maxsize=1)
def _by_code() -> dict[str, int]:
    return {unit.code: unit.id for unit in directory.units().values()}


def _parts(cases: Sequence[RouteCase], folds: int) -> list[list[RouteCase]]:
    """As many parts as there are folds named, or the groups dealt out so that the parts are about equal."""
    groups: dict[str, list[RouteCase]] = defaultdict(list)
    for case in cases:
        groups[case.fold].append(case)
    parts: list[list[RouteCase]] = [[] for _ in range(min(folds, len(groups)))]
    for _, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        min(parts, key=len).extend(group)
    return parts
