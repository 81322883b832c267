"""From a case's id to its number and back, for rooms that only keep ids."""

from collections.abc import Collection

from huiyin.cases import numbers
from huiyin.cases.models import Case


def numbers_of(ids: Collection[int]) -> dict[int, str]:
    return dict(Case.objects.filter(pk__in=ids).values_list("pk", "case_no"))


def id_of(number: str) -> int | None:
    return Case.objects.filter(case_no=numbers.normalise(number)).values_list("pk", flat=True).first()
