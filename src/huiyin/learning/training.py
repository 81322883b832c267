"""Trains a challenger on what people decided, holds it against the champion on the same later cases, and decides.

The champion was trained on nothing of that test either: each version learns only from what came before its own test.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from huiyin.cases.models import Case
from huiyin.domain.errors import DomainError
from huiyin.learning import bundle, examples, pairs, promoting, recalibrating, scoring, storing
from huiyin.learning.examples import Example
from huiyin.learning.models import FrozenTest, ModelState, ModelVersion
from huiyin.nlp.classes import ClassModel
from huiyin.nlp.words import Leaf, WordModel
from huiyin.registry import rulebook

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('learning_training'))"
_WORDS = "按分类表词语"

Tell = Callable[[str], None]


class TrainingRuns(DomainError):
    """另一次训练正在进行，请等它结束后再试。"""

    code = "training_runs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    version: ModelVersion
    promoted: bool


def train(
    *,
    now: datetime,
    by: str,
    given: Sequence[Example] | None = None,
    limit: int = examples.MOST,
    least: int = examples.LEAST,
    tell: Tell = lambda _words: None,
) -> Trained:
    """One run, promoted or refused. `given`: a file's rows instead of the cases; the test is then the file's end.

    A promoted one is calibrated at once, after the promotion stands: its own words are judged, not its predecessor's.
    """
    trained = _train(now=now, by=by, given=given, limit=limit, least=least, tell=tell)
    if trained.promoted:
        recalibrating.recalibrate(now=now)
        trained.version.refresh_from_db()
    return trained


@transaction.atomic
def _train(*, now: datetime, by: str, given: Sequence[Example] | None, limit: int, least: int, tell: Tell) -> Trained:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            raise TrainingRuns
    began = time.monotonic()
    split = examples.split(examples.collect(now=now, limit=limit) if given is None else given, least=least)
    tell(f"训练 {len(split.learned)} 件，留出 {len(split.kept)} 件检验")
    challenger = _made(split.learned, now)
    seconds = time.monotonic() - began
    tell(f"训练用时 {seconds:.0f} 秒，与现用模型比较")
    before = ModelVersion.objects.filter(state=ModelState.CHAMPION).first()
    texts, labels = [kept.text for kept in split.kept], [kept.label for kept in split.kept]
    scores = scoring.score(rank_of(challenger), texts=texts, labels=labels)
    name, rank = _opponent(before, now)
    held_against = scoring.score(rank, texts=texts, labels=labels)
    verdict = scoring.compare(held_against, scores)
    learned = examples.shares(split.learned)
    card = {
        "test": scores.as_json(),
        "before": {"name": name, **held_against.as_json()},
        "verdict": verdict.as_json(),
        "sources": dict(Counter(str(example.source) for example in split.learned)),
        "classes": scoring.by_class(scores, learned),
        "seconds": round(seconds, 1),
        "from_file": given is not None,
    }
    version = _keep(challenger, split, card, test=examples.freeze(split.kept, now=now), parent=before, by=by, now=now)
    if verdict.better:
        promoting.promote(version.number, reason=verdict.reason, by=by, now=now)
    else:
        promoting.refuse(version, reason=verdict.reason)
    version.refresh_from_db()
    tell(f"第{version.number}版{'已启用' if verdict.better else '未采用'}：{verdict.reason}")
    return Trained(version=version, promoted=verdict.better)


def score_again(version: ModelVersion, test: FrozenTest) -> dict[str, Any]:
    """Holds a version against a test that was frozen, with the words that the cases have now."""
    said = {
        case_id: examples.text_of(title, content)
        for case_id, title, content in Case.objects.filter(id__in=test.case_ids).values_list("id", "title", "content")
    }
    rows = [
        (said[case_id], label) for case_id, label in zip(test.case_ids, test.labels, strict=True) if case_id in said
    ]
    model = load(version)
    found = scoring.score(rank_of(model), texts=[text for text, _ in rows], labels=[label for _, label in rows])
    return found.as_json()


def load(version: ModelVersion) -> ClassModel:
    parts = bundle.unpack(storing.fetch(version.stored_as, sha256=version.sha256))
    return ClassModel.from_bytes(parts["classes.npz"])


def rank_of(model: ClassModel) -> scoring.Rank:
    return lambda text: sorted(model.probabilities(text).items(), key=lambda found: (-found[1], found[0]))[:3]


def leaves(now: datetime) -> list[Leaf]:
    taxonomy = rulebook.taxonomy(rulebook.current(now).taxonomy_id)
    return [
        Leaf(code=info.code, names=(info.level1, info.level2, info.level3), keywords=info.keywords)
        for info in taxonomy.values()
    ]


def _made(learned: Sequence[Example], now: datetime) -> ClassModel:
    return ClassModel.train(examples.told(learned), leaves(now))


def _opponent(before: ModelVersion | None, now: datetime) -> tuple[str, scoring.Rank]:
    """The champion; before the first one, what the words of the taxonomy propose."""
    if before is not None:
        return f"第{before.number}版", rank_of(load(before))
    words = WordModel(leaves(now))
    return _WORDS, lambda text: [(found.code, found.confidence) for found in words.rank(text, limit=3)]


def _keep(
    model: ClassModel,
    split: examples.Split,
    card: dict[str, Any],
    *,
    test: FrozenTest | None,
    parent: ModelVersion | None,
    by: str,
    now: datetime,
) -> ModelVersion:
    number = (ModelVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    content = bundle.pack(
        {"classes.npz": model.to_bytes(), "pairs": pairs.seen_in(example.text for example in split.learned)}
    )
    stored_as, digest = storing.keep(content, number=number)
    return ModelVersion.objects.create(
        number=number,
        state=ModelState.CHALLENGER,
        created_at=now,
        trained_on=len(split.learned),
        trained_from=split.learned[0].at,
        trained_to=split.learned[-1].at,
        test=test,
        scores=card,
        sha256=digest,
        size=len(content),
        stored_as=stored_as,
        parent=parent,
        made_by=by,
    )
