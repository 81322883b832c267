"""Numbers as requests and files write them: anything may come, and only digits that a column can hold are a number."""

KEY = 17  # digits of a key of many rows; nine are enough for all else


def whole(text: str, *, digits: int = 9) -> int | None:
    """None for anything else: ² counts as a digit but is no number, and thousands of digits are none that is read."""
    return int(text) if len(text) <= digits and text.isascii() and text.isdecimal() else None
