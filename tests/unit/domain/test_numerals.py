"""What a request may send is a number only where it is written as one that can be stored."""

import pytest

from huiyin.domain.numerals import KEY, whole


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("0", 0), ("007", 7), ("", None), ("-1", None), ("²", None), ("１２", None), ("1.0", None),
     ("999999999", 999999999), ("1000000000", None), ("9" * 5000, None)],
)  # fmt: skip
def test_only_plain_digits_that_can_be_stored_are_a_number(text: str, number: int | None) -> None:
    assert whole(text) == number


def test_keys_are_longer() -> None:
    assert whole("9" * KEY, digits=KEY) == 10**KEY - 1
    assert whole("9" * (KEY + 1), digits=KEY) is None
