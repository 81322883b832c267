"""The evaluation schemes that ship with the product (schemes.csv): dated, one row a figure."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from huiyin.domain.errors import InvalidData
from huiyin.domain.schemes import EvaluationRules, rules_from

DEFAULT = "beijing_district_2025"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedScheme:
    """One dated version of a scheme as written: key to value, and key to what it means in Chinese."""

    name: str
    effective_from: date
    values: dict[str, str]
    labels: dict[str, str]

    def rules(self) -> EvaluationRules:
        return rules_from(self.name, self.values)


@cache
def shipped() -> tuple[ShippedScheme, ...]:
    found: dict[tuple[str, date], ShippedScheme] = {}
    with (resources.files("huiyin.analytics") / "schemes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name, since = row["scheme"], date.fromisoformat(row["effective_from"])
            new = ShippedScheme(name=name, effective_from=since, values={}, labels={})
            version = found.setdefault((name, since), new)
            version.values[row["key"]] = row["value"]
            version.labels[row["key"]] = row["label"]
    return tuple(found.values())


def shipped_rules(name: str = DEFAULT, on: date | None = None) -> EvaluationRules:
    """The version in force on a day; without one the newest."""
    versions = [one for one in shipped() if one.name == name and (on is None or one.effective_from <= on)]
    if not versions:
        known = "、".join(sorted({one.name for one in shipped()}))
        raise InvalidData({"preset": f"没有名为“{name}”的考评方案（现有：{known}）"})
    return max(versions, key=lambda one: one.effective_from).rules()
