"""Keeps citizens' data out of the logs: a database error's details repeat the row's values."""

import logging
import re

_DETAILS = re.compile(r"^(DETAIL|CONTEXT|PARAMETERS|参数|详细信息)\b.*$", re.MULTILINE)


class DiscreetFormatter(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        return _DETAILS.sub("[details withheld]", super().format(record))
