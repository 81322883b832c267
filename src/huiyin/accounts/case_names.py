"""Case numbers for the record of looks: the room `cases`, which lies above this one, lends them at the start."""

from collections.abc import Callable, Collection

NumbersOf = Callable[[Collection[int]], dict[int, str]]
IdOf = Callable[[str], int | None]


def _no_numbers(ids: Collection[int]) -> dict[int, str]:
    return {}


def _no_id(number: str) -> int | None:
    return None


_numbers_of: NumbersOf = _no_numbers
_id_of: IdOf = _no_id


def lend(*, numbers_of: NumbersOf, id_of: IdOf) -> None:
    global _numbers_of, _id_of
    _numbers_of, _id_of = numbers_of, id_of


def numbers_of(ids: Collection[int]) -> dict[int, str]:
    return _numbers_of(ids)


def id_of(number: str) -> int | None:
    return _id_of(number)
