"""What one case adds to its unit's counts in a period, and why it adds no more (DOMAIN.md §2.7, §3.3, §3.4)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from huiyin.domain.evaluation import Counts
from huiyin.domain.vocabulary import RequestType, Satisfaction, Term


class Why(Term):
    """How a case entered the figures; the first that applies, in this order."""

    NOT_DISPATCHED = "not_dispatched", "未派单（直接答复等），不参评"
    TYPE_NOT_SCORED = "type_not_scored", "该类诉求不参评"
    EXCLUDED = "excluded", "剔除，不参评"
    SUSPENDED = "suspended", "挂账，本期不参评"
    VOLUME_EXEMPT = "volume_exempt", "不计入诉求总量，不参评"
    NOT_ASKED_YET = "not_asked_yet", "尚未回访，只计诉求量"
    NOT_SAMPLED = "not_sampled", "未抽中回访，只计诉求量"
    CALLBACK_INVALID = "callback_invalid", "回访无效，只计诉求量"
    WITHOUT_RESOLUTION = "without_resolution", "计入响应率和满意率，不计解决率"
    COUNTED = "counted", "计入三率"


OUTSIDE = frozenset({Why.NOT_DISPATCHED, Why.TYPE_NOT_SCORED, Why.EXCLUDED, Why.SUSPENDED, Why.VOLUME_EXEMPT})
JUDGED = frozenset({Why.WITHOUT_RESOLUTION, Why.COUNTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteringRule:
    """Which request types are not scored at all, and which not on resolution."""

    never: frozenset[RequestType]
    without_resolution: frozenset[RequestType]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the rule looks at. `callback_valid` is None until the citizen has been asked.

    `carried`: the case was volume of an earlier period already and comes in to be judged (DOMAIN.md §3.2).
    `not_sampled`: where not all are called, this one was not drawn; an answer given of one's own accord is kept beside.
    """

    request_type: RequestType
    dispatched: bool
    excluded: bool = False
    suspended: bool = False
    volume_exempt: bool = False
    not_sampled: bool = False
    callback_valid: bool | None = None
    contacted: bool | None = None
    solved: bool | None = None
    satisfaction: Satisfaction | None = None
    carried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    why: Why
    counts: Counts


def enter(outcome: Outcome, rule: EnteringRule) -> Entry:
    """An answer that was not given counts as no: only what the citizen confirmed is a success."""
    why, volume = why_of(outcome, rule), int(not outcome.carried)
    if why in OUTSIDE:
        return Entry(why=why, counts=Counts())
    if why not in JUDGED:
        return Entry(why=why, counts=Counts(volume=volume))
    about_solving = why is Why.COUNTED
    return Entry(
        why=why,
        counts=Counts(
            volume=volume,
            valid=1,
            contacted=int(outcome.contacted is True),
            solved=int(outcome.solved is True and about_solving),
            satisfied=int(outcome.satisfaction is Satisfaction.SATISFIED),
            basically_satisfied=int(outcome.satisfaction is Satisfaction.BASICALLY_SATISFIED),
            suggestions=int(not about_solving),
            carried=int(outcome.carried),
        ),
    )


def why_of(outcome: Outcome, rule: EnteringRule) -> Why:
    return next((why for why, applies in _ORDER.items() if applies(outcome, rule)), Why.COUNTED)


def tally(outcomes: Iterable[Outcome], rule: EnteringRule) -> Counts:
    """The counts of one unit's cases, in whatever order they come."""
    return sum((enter(outcome, rule).counts for outcome in outcomes), Counts())


_ORDER: Mapping[Why, Callable[[Outcome, EnteringRule], bool]] = {
    Why.NOT_DISPATCHED: lambda case, rule: not case.dispatched,
    Why.TYPE_NOT_SCORED: lambda case, rule: case.request_type in rule.never,
    Why.EXCLUDED: lambda case, rule: case.excluded,
    Why.SUSPENDED: lambda case, rule: case.suspended,
    Why.VOLUME_EXEMPT: lambda case, rule: case.volume_exempt,
    Why.NOT_ASKED_YET: lambda case, rule: case.callback_valid is None,
    Why.NOT_SAMPLED: lambda case, rule: case.not_sampled,
    Why.CALLBACK_INVALID: lambda case, rule: not case.callback_valid,
    Why.WITHOUT_RESOLUTION: lambda case, rule: case.request_type in rule.without_resolution,
}
