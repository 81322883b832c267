"""Says for each case which unit the machine would have proposed, had it never seen that case's phrases."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils import timezone

from huiyin.domain.vocabulary import RequestType
from huiyin.intake.choosing_unit import Chosen, choose
from huiyin.nlp.classes import ClassModel, Example
from huiyin.nlp.linear import TextClassifier
from huiyin.nlp.told_class import weigh_in
from huiyin.nlp.unit_choice import choose_unit
from huiyin.nlp.unit_role import units_of
from huiyin.nlp.words import Leaf
from huiyin.ops.nlp.route_rows import RouteCase
from huiyin.registry import directory, rulebook

# Learned from the cases' classes where the file names them, else from what their units were to the place.
Learned = ClassModel | TextClassifier
_LIKELY = 0.003


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """`choice` is the proposal by the words alone, or weighed against the class that an operator chose."""

    case: RouteCase
    choice: Chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Both in order of time: by the words alone, and as the cases were entered (the class chosen for some)."""

    by_words: list[Predicted]
    as_entered: list[Predicted]


def predict_held_out(cases: Sequence[RouteCase], *, folds: int, tell: Callable[[str], None], limit: int) -> HeldOut:
    """Each part is predicted by what was learned from all other parts; a part holds whole groups of phrases."""
    parts = _parts(cases, folds)
    by_words: list[Predicted] = []
    as_entered: list[Predicted] = []
    for number, part in enumerate(parts, start=1):
        others = [case for other in parts if other is not part for case in other]
        tell(f"part {number} of {len(parts)}: learning from {min(limit, len(others)):,} cases, judging {len(part):,}")
        learned = learn(others[-limit:])
        for case in part:
            said = _said(case, learned)
            by_words.append(Predicted(case=case, choice=said if isinstance(said, Chosen) else _choose(case, said)))
            told = None if isinstance(said, Chosen) else _told(case, said)
            as_entered.append(replace(by_words[-1], choice=_choose(case, told)) if told else by_words[-1])
    return HeldOut(by_words=sorted(by_words, key=_in_time), as_entered=sorted(as_entered, key=_in_time))


def learn(cases: Sequence[RouteCase]) -> Learned:
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
    if labelled:
        return ClassModel.train(labelled, leaves())
    return TextClassifier.fit(
        [case.text for case in cases], [case.role for case in cases], groups=[case.template for case in cases]
    )


def predict(cases: Sequence[RouteCase], learned: Learned) -> Iterator[Predicted]:
    """By the words alone."""
    for case in cases:
        said = _said(case, learned)
        yield Predicted(case=case, choice=said if isinstance(said, Chosen) else _choose(case, said))


def leaves() -> list[Leaf]:
    taxonomy = rulebook.taxonomy(rulebook.current(timezone.now()).taxonomy_id)
    return [
        Leaf(code=info.code, names=(info.level1, info.level2, info.level3), keywords=info.keywords)
        for info in taxonomy.values()
    ]


def _said(case: RouteCase, learned: Learned) -> Mapping[str, float] | Chosen:
    return learned.probabilities(case.text) if isinstance(learned, ClassModel) else _by_roles(case, learned)


def _choose(case: RouteCase, classes: Mapping[str, float]) -> Chosen:
    return choose(
        classes,
        street_id=case.street_id,
        district_id=case.district_id,
        sure_of_place=case.sure_of_place,
        request_type=case.request_type,
        text=case.text,
        at=timezone.now(),  # the preset's rules begin when it is loaded, and the cases are older
    )


def _told(case: RouteCase, said: Mapping[str, float]) -> Mapping[str, float] | None:
    edition_id = rulebook.current(timezone.now()).taxonomy_id
    known = rulebook.taxonomy(edition_id)
    if case.chosen_class not in known:
        return None
    sisters = rulebook.sisters(edition_id, case.chosen_class)
    return weigh_in(said, told=case.chosen_class, sisters=sisters, classes=len(known))


def _by_roles(case: RouteCase, roles: TextClassifier) -> Chosen:
    """Where no classes are known there is no catalogue to ask: the roles alone decide."""
    shares = dict(zip(roles.classes, roles.probabilities([case.text])[0].tolist(), strict=True))
    street = directory.street_unit(case.street_id) if case.street_id else None
    district = directory.district_unit(case.district_id) if case.district_id else None
    units = units_of(
        {role: share for role, share in shares.items() if share > _LIKELY},
        street_unit=street.id if street else None,
        district_unit=district.id if district else None,
        by_code=_by_code(),
    )
    blank = _choose(case, {})
    found = choose_unit({str(unit_id): share for unit_id, share in units.items()}, unit_of=int)
    unit = replace(blank.unit, unit_id=found.unit_id, sub_unit_id=None, reasons=())
    return replace(
        blank, unit=unit, score=found.share * case.sure_of_place, others=found.others, proposed=found.unit_id
    )


@lru_cache(maxsize=1)
def _by_code() -> dict[str, int]:
    return {unit.code: unit.id for unit in directory.units().values()}


def _in_time(one: Predicted) -> tuple[object, int]:
    return one.case.at, one.case.number


def _parts(cases: Sequence[RouteCase], folds: int) -> list[list[RouteCase]]:
    """The folds' groups dealt out so that the parts are about equal."""
    groups: dict[str, list[RouteCase]] = defaultdict(list)
    for case in cases:
        groups[case.fold].append(case)
    parts: list[list[RouteCase]] = [[] for _ in range(min(folds, len(groups)))]
    for _, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        min(parts, key=len).extend(group)
    return parts
