"""Case numbers and access codes: readable aloud, in order, and not to be guessed in their check part.

A number is `YYMMDD` + a serial of seven digits + four check digits, spoken in groups: 261122-0004217-8306.
The check digits are a keyed hash, so a misread number is not somebody else's case and numbers cannot be listed.
"""

import hashlib
import hmac
from datetime import datetime

from huiyin.domain.calendar import CITY_ZONE

_SERIAL_DIGITS = 7
_CHECK_DIGITS = 4
_CODE_DIGITS = 6


def case_no(serial: int, *, at: datetime, secret: bytes) -> str:
    body = f"{at.astimezone(CITY_ZONE):%y%m%d}{serial % 10**_SERIAL_DIGITS:0{_SERIAL_DIGITS}d}"
    return body + _digits(secret, f"case-no:{body}", _CHECK_DIGITS)


def is_case_no(text: str, *, secret: bytes) -> bool:
    """Whether the number was given out by this installation (tells a slip of the tongue without a look-up)."""
    number = normalise(text)
    body, check = number[:-_CHECK_DIGITS], number[-_CHECK_DIGITS:]
    return len(number) == 6 + _SERIAL_DIGITS + _CHECK_DIGITS and hmac.compare_digest(
        check, _digits(secret, f"case-no:{body}", _CHECK_DIGITS)
    )


def access_code(number: str, *, secret: bytes) -> str:
    """查询码: six digits on the citizen's receipt; with the number it opens the case's progress page."""
    return _digits(secret, f"access-code:{normalise(number)}", _CODE_DIGITS)


def normalise(text: str) -> str:
    """Digits only: spaces, dashes and full-width digits as people type them."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


def grouped(number: str) -> str:
    return f"{number[:6]}-{number[6:13]}-{number[13:]}"


def _digits(secret: bytes, message: str, count: int) -> str:
    digest = hmac.new(secret, message.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**count:0{count}d}"
