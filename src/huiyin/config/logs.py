"""Keeps citizens' data out of the logs: a database error's details repeat the row's values, a link opens a page."""

import logging
import re
import time

_DETAILS = re.compile(r"^(DETAIL|CONTEXT|PARAMETERS|参数|详细信息)\b.*$", re.MULTILINE)

_LINK = re.compile(r"/hf/(?!receipts\b)[^/\s'\"]+")


class OneInTenSeconds(logging.Filter):
    """For a logger that repeats itself many times a second while something is away."""

    def __init__(self) -> None:
        super().__init__()
        self._next = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + 10
        return True


class DiscreetFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        line = _DETAILS.sub("[details withheld]", super().format(record))
        return _LINK.sub("/hf/[link withheld]", line)
