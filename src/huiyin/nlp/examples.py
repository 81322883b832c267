"""Says what a settled case teaches: its words, class and type, and what it shares with others."""

from dataclasses import dataclass

from huiyin.domain.vocabulary import RequestType


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A text whose class people settled. Texts of one group (a template, near copies) are never parted.

    `also` names a second thing shared with others, such as a stock sentence.
    """

    id: str
    text: str
    leaf_code: str
    request_type: RequestType
    group: str
    also: str = ""
