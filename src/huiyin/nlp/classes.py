"""Proposes a text's leaf class and type: learned from examples, and from what the taxonomy says of itself."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from scipy import sparse

from huiyin.domain.vocabulary import RequestType
from huiyin.nlp import packing
from huiyin.nlp.examples import Example
from huiyin.nlp.features import count_features
from huiyin.nlp.linear import TextClassifier
from huiyin.nlp.prototype_training import Lesson, train_prototypes
from huiyin.nlp.prototypes import Prototypes, Reading
from huiyin.nlp.recall import PastTexts
from huiyin.nlp.request_type import train_types
from huiyin.nlp.word_vectors import shipped_vectors
from huiyin.nlp.words import Leaf, Suggestion

_KIND, _VERSION = "huiyin-class-model", 1
_WORTH_NAMING = 0.001
_SURE, _CLEAR = 0.5, 0.15  # below either the model says that it is not sure


class ClassModel:
    """Made by `train` or `from_bytes`; not changed afterwards, so threads may share it."""

    def __init__(self, *, leaves: Prototypes, types: TextClassifier, past: PastTexts) -> None:
        self.leaves = leaves
        self.request_types = types
        self.past = past

    @classmethod
    def train(cls, examples: Iterable[Example], leaves: Sequence[Leaf]) -> "ClassModel":
        """Examples of unknown classes and without text are passed over; with none the taxonomy alone decides."""
        known = {leaf.code for leaf in leaves}
        used = [example for example in examples if example.leaf_code in known and example.text.strip()]
        lessons = [
            Lesson(text=one.text, label=one.leaf_code, group=one.group or one.id, also=one.also or None) for one in used
        ]
        described = [(leaf.code, _description(leaf)) for leaf in leaves]
        by_leaf, rows = train_prototypes(lessons, described, shipped_vectors())
        return cls(leaves=by_leaf, types=train_types(used), past=PastTexts.of([one.id for one in used], rows))

    @property
    def codes(self) -> list[str]:
        return self.leaves.classes

    def say(self, text: str, *, limit: int = 5) -> tuple[dict[str, float], list[Suggestion]]:
        """`probabilities` and `rank` of one text, for the price of reading it once."""
        read = self.leaves.read(text)
        found = self._worth_naming(read)
        best = sorted(found, key=lambda code: (-found[code], code))[:limit]
        return found, [
            Suggestion(code=code, confidence=round(found[code], 4), reasons=tuple(reasons))
            for code, reasons in zip(best, self.leaves.explain(read, best), strict=True)
        ]

    def probabilities(self, text: str) -> dict[str, float]:
        """Every class that is worth naming; all alike where the text says nothing that is known."""
        return self._worth_naming(self.leaves.read(text))

    def rank(self, text: str, *, limit: int = 5) -> list[Suggestion]:
        """The likeliest classes, best first, each with its probability and the words that spoke for it."""
        return self.say(text, limit=limit)[1]

    def _worth_naming(self, read: Reading) -> dict[str, float]:
        found = self.leaves.probabilities(read)
        return {self.codes[one]: float(found[one]) for one in np.flatnonzero(found >= _WORTH_NAMING)}

    def types(self, text: str, *, allowed: Collection[RequestType] = ()) -> dict[RequestType, float]:
        """Probabilities of the types that the class allows (none given: all), summing to one."""
        found = self.request_types.probabilities([text])[0]
        by_type = {RequestType(label): float(p) for label, p in zip(self.request_types.classes, found, strict=True)}
        kept = {kind: p for kind, p in by_type.items() if not allowed or kind in allowed}
        total = sum(kept.values())
        if not total:
            return {kind: 1 / len(allowed) for kind in allowed}
        return {kind: p / total for kind, p in sorted(kept.items(), key=lambda item: -item[1])}

    def nearest(self, text: str, *, limit: int = 3) -> list[tuple[str, float]]:
        """Ids of the past texts most like this one, with their likeness (0 to 1)."""
        return self.past.nearest(self.leaves.vocabulary.row(count_features(text)), limit=limit)

    @staticmethod
    def unsure(probabilities: Mapping[str, float]) -> bool:
        """Whether to say 'not sure': no class is at least as likely as not, or the next is close behind."""
        best = sorted(probabilities.values(), reverse=True)[:2]
        return not best or best[0] < _SURE or (len(best) > 1 and best[0] - best[1] < _CLEAR)

    def to_bytes(self) -> bytes:
        postings = self.past.postings
        arrays = {
            "leaves": np.frombuffer(self.leaves.to_bytes(), dtype=np.uint8),
            "types": np.frombuffer(self.request_types.to_bytes(), dtype=np.uint8),
            "past_ids": packing.as_array(self.past.ids),
            "past_starts": postings.indptr,
            "past_texts": postings.indices,
            "past_weights": postings.data.astype(np.float16),
        }
        return packing.pack(_KIND, _VERSION, {}, arrays)

    @classmethod
    def from_bytes(cls, data: bytes, *, sha256: str = "") -> "ClassModel":
        """Raises packing.BadModel for bytes that are no such model, or not the one whose hash is given."""
        _, arrays = packing.unpack(data, _KIND, _VERSION, sha256=sha256)
        leaves = Prototypes.from_bytes(arrays["leaves"].tobytes())
        ids = packing.as_words(arrays["past_ids"])
        postings = sparse.csc_matrix(
            (arrays["past_weights"].astype(np.float32), arrays["past_texts"], arrays["past_starts"]),
            shape=(len(ids), len(leaves.vocabulary)),
        )
        types = TextClassifier.from_bytes(arrays["types"].tobytes())
        return cls(leaves=leaves, types=types, past=PastTexts(ids, postings))


def _description(leaf: Leaf) -> str:
    """What the taxonomy says of a leaf, as if someone had said it: the own name and the keywords most."""
    own = leaf.names[-1]
    return "。".join([*leaf.names, own, own, *leaf.keywords, *leaf.keywords])
