"""Proposes the type of a matter (咨询、求助、投诉 …) from how it is put."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from huiyin.domain.vocabulary import RequestType
from huiyin.nlp.examples import Example

if TYPE_CHECKING:
    from huiyin.nlp.linear import TextClassifier

# The first line that matches decides: praise and reports are named by their own words, questions come last.
_MARKS: tuple[tuple[RequestType, tuple[str, ...]], ...] = (
    (RequestType.PRAISE, ("表扬", "点赞", "送锦旗", "特别感谢", "非常感谢你们")),
    (RequestType.REPORT, ("举报", "检举")),
    (RequestType.COMPLAINT, ("投诉", "太过分", "没人管", "不作为", "坑人", "欺骗", "扰民")),
    (RequestType.SUGGESTION, ("建议", "希望能增设", "希望增设", "能否增设", "提个意见")),
    (RequestType.CONSULTATION, ("咨询", "请问", "想问", "问一下", "怎么办理", "如何办理", "需要什么材料", "什么条件")),
)


def propose_type(text: str, *, allowed: Sequence[RequestType] = ()) -> RequestType:
    """A type among those that the class allows (none given: any); 求助 where the words do not say."""
    for request_type, marks in _MARKS:
        if (not allowed or request_type in allowed) and any(mark in text for mark in marks):
            return request_type
    if not allowed or RequestType.HELP in allowed:
        return RequestType.HELP
    return allowed[0]


def train_types(examples: Sequence[Example]) -> "TextClassifier":
    """Learns how people put each type; a sample is enough, since few words tell the types apart."""
    import numpy as np  # to learn, not to propose by the words above

    from huiyin.nlp.linear import TextClassifier

    order = np.random.default_rng(3).permutation(len(examples))[:_LEARNED_FROM]
    used = [examples[one] for one in order]
    return TextClassifier.fit(
        [example.text for example in used],
        [str(example.request_type) for example in used],
        groups=[example.group or example.id for example in used],
        described=[(" ".join(marks), str(kind), 1.0) for kind, marks in _MARKS] + _NAMED,
        largest=15_000,
    )


_LEARNED_FROM = 6_000
_NAMED = [(kind.label, str(kind), 1.0) for kind in RequestType]
