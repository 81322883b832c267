"""How well a model names the classes of a test, and whether one model is better than another on the same test."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scipy import special

from huiyin.nlp.monotone import expected_calibration_error

DOUBT: Final = 0.05  # that the better one is better by luck
BIG: Final = 40  # tested cases from which on a group's collapse can be told from noise
COLLAPSE: Final = 0.10  # a big group may not lose more of its right answers
_GROUP = 4  # digits: level two of the taxonomy

Rank = Callable[[str], Sequence[tuple[str, float]]]  # the best classes with their probabilities, best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    labels: Sequence[str]
    answers: Sequence[str]
    right: Sequence[bool]
    within_three: Sequence[bool]
    confidences: Sequence[float]

    @property
    def accuracy(self) -> float:
        return sum(self.right) / len(self.right) if self.right else 0.0

    def as_json(self) -> dict[str, Any]:
        count = len(self.right)
        return {
            "cases": count,
            "accuracy": round(self.accuracy, 4),
            "macro_f1": round(_macro_f1(self.labels, self.answers), 4),
            "top3": round(sum(self.within_three) / count, 4) if count else 0.0,
            "ece": round(expected_calibration_error(self.confidences, self.right), 4),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`gained` and `lost`: cases that only the challenger, only the champion had right."""

    better: bool
    reason: str
    gained: int
    lost: int
    doubt: float

    def as_json(self) -> dict[str, Any]:
        return {
            "better": self.better,
            "reason": self.reason,
            "gained": self.gained,
            "lost": self.lost,
            "doubt": round(self.doubt, 6),
        }


def score(rank: Rank, *, texts: Sequence[str], labels: Sequence[str]) -> Scores:
    ranked = [list(rank(text)) for text in texts]
    answers = [found[0][0] if found else "" for found in ranked]
    return Scores(
        labels=labels,
        answers=answers,
        right=[answer == label for answer, label in zip(answers, labels, strict=True)],
        within_three=[
            label in {code for code, _share in found[:3]} for found, label in zip(ranked, labels, strict=True)
        ],
        confidences=[found[0][1] if found else 0.0 for found in ranked],
    )


def compare(champion: Scores, challenger: Scores) -> Verdict:
    """Exact sign test on the cases where the two differ, and no big group of classes may collapse."""
    pairs = list(zip(champion.right, challenger.right, strict=True))
    gained = sum(new and not old for old, new in pairs)
    lost = sum(old and not new for old, new in pairs)
    differ = gained + lost
    doubt = float(special.bdtrc(gained - 1, differ, 0.5)) if differ else 1.0
    fallen = _collapsed(champion, challenger)
    if fallen:
        group, before, after = fallen[0]
        reason = f"类别组{group}的正确率从{before:.0%}跌到{after:.0%}"
    elif doubt > DOUBT:
        reason = f"同一测试集上未显著优于现用模型：只有新模型对的{gained}件，只有旧模型对的{lost}件"
    else:
        reason = f"同一测试集上优于现用模型：多对{gained}件，少对{lost}件"
    return Verdict(better=not fallen and doubt <= DOUBT, reason=reason, gained=gained, lost=lost, doubt=doubt)


def by_class(scores: Scores, learned: Mapping[str, int]) -> dict[str, list[int]]:
    """Class → [trained on, tested, right]."""
    tested: Counter[str] = Counter(scores.labels)
    right: Counter[str] = Counter(label for label, good in zip(scores.labels, scores.right, strict=True) if good)
    return {code: [learned.get(code, 0), tested[code], right[code]] for code in sorted({*learned, *tested})}


def _collapsed(champion: Scores, challenger: Scores) -> list[tuple[str, float, float]]:
    """Groups that fell too far, the farthest first."""
    groups: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for label, old, new in zip(champion.labels, champion.right, challenger.right, strict=True):
        groups[label[:_GROUP]].append((old, new))
    shares = [
        (group, sum(old for old, _ in pairs) / len(pairs), sum(new for _, new in pairs) / len(pairs))
        for group, pairs in groups.items()
        if len(pairs) >= BIG
    ]
    return sorted((row for row in shares if row[1] - row[2] > COLLAPSE), key=lambda row: row[2] - row[1])


def _macro_f1(labels: Sequence[str], answers: Sequence[str]) -> float:
    """Over the classes that occur in the test."""
    true, said = Counter(labels), Counter(answers)
    both = Counter(label for label, answer in zip(labels, answers, strict=True) if label == answer)
    scores = [2 * both[code] / (true[code] + said[code]) for code in true]
    return sum(scores) / len(scores) if scores else 0.0
