"""Breaks the world on purpose: a category that nobody has seen, a street that is re-drawn; and counts the damage.

Each break is judged three times: before it, by what was learned until then; at once, on the first cases after it; and
once people have corrected `CORRECTIONS` of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from huiyin.nlp.unit_role import STREET
from huiyin.ops.nlp.route_folds import HeldOut, Predicted, learn, predict
from huiyin.ops.nlp.route_rows import RouteCase
from huiyin.ops.nlp.route_weeks import Life, figures, weeks_of
from huiyin.registry import directory

CORRECTIONS = 50


def shifted(found: HeldOut, *, bound: float, tell: Callable[[str], None], limit: int) -> dict[str, object]:
    """The street as the cases were entered; the category by the words alone, for nobody could choose it."""
    tell("a street is re-drawn")
    street = _street_redrawn(found.as_entered, bound=bound)
    tell("a category appears")
    return {"street_redrawn": street, "new_category": _new_category(found.by_words, bound=bound, limit=limit)}


def _street_redrawn(predicted: Sequence[Predicted], *, bound: float) -> dict[str, object] | None:
    """The busiest street's own cases belong to its neighbour from the middle of the time on; the map still says no."""
    own = [one for one in predicted if one.case.role == STREET]
    if not own:
        return None
    (street_id, _), *_ = Counter(one.case.street_id for one in own).most_common(1)
    middle = [one for one in own if one.case.street_id == street_id]
    cut = middle[len(middle) // 2].case.at
    neighbour = _neighbour_unit(street_id)
    moved = [
        replace(one, case=replace(one.case, unit_id=neighbour))
        for one in middle
        if one.case.at >= cut and neighbour is not None
    ]
    before = [one for one in predicted if one.case.at < cut]
    return _three_times(moved, before, bound=bound)


def _new_category(predicted: Sequence[Predicted], *, bound: float, limit: int) -> dict[str, object] | None:
    """The busiest second-level class was never learned; then its cases come, and fifty of them are learned."""
    branches = Counter(one.case.class_code[:4] for one in predicted if one.case.class_code)
    if not branches:
        return None
    (branch, _), *_ = branches.most_common(1)
    new = [one.case for one in predicted if one.case.class_code.startswith(branch)]
    known = [one for one in predicted if not one.case.class_code.startswith(branch)]
    cases = [one.case for one in known][-limit:]
    at_once = list(predict(new, learn(cases)))
    corrected, rest = new[:CORRECTIONS], _of_other_phrases(new[CORRECTIONS:], new[:CORRECTIONS])
    afterwards = list(predict(rest, learn([*cases, *corrected])))
    return {
        "class": branch,
        "at_once": _lived(known, at_once, bound=bound),
        f"after_{CORRECTIONS}": _lived(known, afterwards, bound=bound),
    }


def _three_times(moved: Sequence[Predicted], before: Sequence[Predicted], *, bound: float) -> dict[str, object]:
    corrected, rest = moved[:CORRECTIONS], moved[CORRECTIONS:]
    return {
        "at_once": _lived(before, corrected, bound=bound),
        f"after_{CORRECTIONS}": _lived([*before, *corrected], rest, bound=bound),
    }


def _lived(before: Sequence[Predicted], after: Sequence[Predicted], *, bound: float) -> dict[str, object]:
    """What comes `after` for one who has lived through all `before`."""
    life = Life(bound=bound)
    for start, week in weeks_of(before):
        life.judge(week, start=start)
    return figures(life.judge(after, start=max(one.case.at for one in before)))


def _of_other_phrases(cases: Iterable[RouteCase], seen: Iterable[RouteCase]) -> list[RouteCase]:
    phrases = {case.template for case in seen}
    return [case for case in cases if case.template not in phrases]


def _neighbour_unit(street_id: int | None) -> int | None:
    if street_id is None:
        return None
    streets = directory.streets(directory.area(street_id).district_id)
    units = [directory.street_unit(street.id) for street in streets if street.id != street_id]
    return next((unit.id for unit in units if unit), None)
