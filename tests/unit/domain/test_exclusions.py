"""The reasons of verdicts: short enough for their place, of signs that can be kept, and long enough to be followed."""

from decimal import Decimal

import pytest

from huiyin.domain.errors import InvalidData
from huiyin.domain.exclusions import reason_given, share_left_out


def test_the_end_of_a_line_counts_as_one_sign_however_it_was_sent() -> None:
    sent = "\r\n".join(["理" * 29] * 13)

    assert reason_given(sent) == "\n".join(["理" * 29] * 13)


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("长" * 401, "reason", "不超过 400 个字，现为 401 个字"),
        ("长" * 401, "finding", "不超过 400 个字，现为 401 个字"),
        ("长" * 2001, "grounds", "不超过 2000 个字，现为 2001 个字"),
        ("理由充分\x00", "reason", "含有不能保存的字符，请删去后重新提交"),
        ("理由充分\ud800", "reason", "含有不能保存的字符，请删去后重新提交"),
        (" 好\r\n", "reason", "请写明理由，至少 4 个字"),
    ],
)
def test_what_cannot_be_kept_or_followed_is_refused_in_words(text: str, field: str, said: str) -> None:
    with pytest.raises(InvalidData) as refused:
        reason_given(text, field)

    assert refused.value.errors == {field: said}


@pytest.mark.parametrize(("field", "most"), [("reason", 400), ("grounds", 2000)])
def test_the_longest_is_kept_whole(field: str, most: int) -> None:
    assert reason_given("长" * most, field) == "长" * most


@pytest.mark.parametrize(
    ("volume", "excluded", "exempt", "share"),
    [(0, 0, 0, "0"), (8, 2, 0, "0.2"), (8, 0, 2, "0.2"), (8, 1, 1, "0.2"), (0, 1, 0, "1")],
)
def test_what_is_not_counted_is_left_out_as_what_is_excluded(
    volume: int, excluded: int, exempt: int, share: str
) -> None:
    assert share_left_out(volume=volume, excluded=excluded, exempt=exempt) == Decimal(share)
