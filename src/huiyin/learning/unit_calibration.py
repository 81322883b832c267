"""What a unit's score is worth, as it was last measured: the curve, the threshold, where the catalogue errs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from huiyin.nlp.border import Borders
from huiyin.nlp.monotone import Monotone


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCalibration:
    """`curve` turns a unit's raw score into the share that was right; from the score `at_least` on it may go alone."""

    curve: Monotone
    at_least: float
    cases: int
    borders: Borders = field(default_factory=Borders)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "UnitCalibration | None":
        if not data:
            return None
        return cls(
            curve=Monotone.from_json(data["curve"]),
            at_least=data["at_least"],
            cases=data["cases"],
            borders=Borders.from_json(data.get("borders", ())),
        )
