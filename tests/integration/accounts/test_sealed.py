"""Personal data at rest: sealed, found again by fingerprint, readable after a change of key."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from huiyin.accounts import sealed

# Two keys whose name bytes differ.
OLD, NEW = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture
def keys(settings):
    def use(current: bytes, *former: bytes) -> None:
        settings.DATA_KEY, settings.OLD_DATA_KEYS = current, former
        sealed.forget_keys()

    yield use
    sealed.forget_keys()


@given(text=st.text(max_size=200))
def test_what_was_sealed_is_read_again(text: str) -> None:
    assert sealed.unseal(sealed.seal(text)) == text


@given(text=st.text(min_size=4, max_size=60))
def test_a_sealed_value_does_not_show_its_text(text: str) -> None:
    assert text.encode() not in sealed.seal(text)


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert sealed.seal("13800138000") != sealed.seal("13800138000")


def test_a_changed_value_is_refused() -> None:
    value = bytearray(sealed.seal("朝阳区"))
    value[-1] ^= 1

    with pytest.raises(InvalidTag):
        sealed.unseal(bytes(value))


def test_after_a_change_of_key_old_values_are_read_and_callers_found(keys) -> None:
    keys(OLD)
    value, mark = sealed.seal("王小明"), sealed.fingerprint("13800138000")

    keys(NEW, OLD)

    assert sealed.unseal(value) == "王小明"
    assert sealed.fingerprint("13800138000") == mark
    assert sealed.seal("王小明")[:1] != value[:1]


def test_without_the_old_key_its_values_cannot_be_read(keys) -> None:
    keys(OLD)
    value = sealed.seal("王小明")
    keys(NEW)

    with pytest.raises(KeyError):
        sealed.unseal(value)


@pytest.mark.parametrize(
    "written", ["138 0013 8000", "138-0013-8000", "+86 13800138000", "8613800138000", "１３８００１３８０００"]
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert sealed.fingerprint(written) == sealed.fingerprint("13800138000")


def test_fingerprints_differ_by_number_and_by_key(keys) -> None:
    keys(OLD)
    first, other = sealed.fingerprint("13800138000"), sealed.fingerprint("13800138001")
    keys(NEW)

    assert len(first) == sealed.FINGERPRINT_BYTES
    assert len({first, other, sealed.fingerprint("13800138000")}) == 3
