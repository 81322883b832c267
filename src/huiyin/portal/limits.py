"""How often one address, one number or one case may do what; counted in the database, so for all processes together."""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from huiyin.accounts import reveals
from huiyin.domain.errors import DomainError
from huiyin.portal.models import Tally


class TooOften(DomainError):
    """操作太频繁了，请过一会儿再试。急事请直接拨打12345。"""

    code = "too_often"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    name: str
    most: int
    within: timedelta
    message: str
    # True: the time runs anew with every try up to the last one allowed, so a lock lasts its full length.
    renewed: bool = False


# A whole neighbourhood can share one address behind a mobile carrier, so these only stop machines.
FILING = Limit(
    name="filing",
    most=30,
    within=timedelta(hours=1),
    message="这个网络一小时内提交的诉求太多，暂时不能再提交。您填的内容都还在，请过一会儿再点提交，或直接拨打12345。",
)
PHOTOS = Limit(
    name="photos",
    most=200,
    within=timedelta(hours=1),
    message="这个网络上传的照片太多，请过一会儿再传。没有照片也可以先提交，以后再补充。",
)
ADDING = Limit(
    name="adding",
    most=10,
    within=timedelta(days=1),
    message="这件诉求今天补充的次数已经很多，请明天再补充，或直接拨打12345。",
)
JUDGING = Limit(
    name="judging",
    most=120,
    within=timedelta(hours=1),
    message="这个网络一小时内提交的评价太多，请过一会儿再试，或直接拨打12345。",
)
WRONG_LINK = Limit(
    name="wrong-link",
    most=30,
    within=timedelta(minutes=15),
    message="打开失效链接的次数太多，请15分钟后再试，或直接拨打12345。",
    renewed=True,
)
WRONG_FROM_ADDRESS = Limit(
    name="wrong-address",
    most=10,
    within=timedelta(minutes=15),
    message="输错的次数太多。为保护市民信息，请15分钟后再试，或直接拨打12345查询。",
    renewed=True,
)
WRONG_FOR_NUMBER = Limit(
    name="wrong-number",
    most=10,
    within=timedelta(minutes=15),
    message="这个编号的查询码输错次数太多。为保护市民信息，请15分钟后再试，或直接拨打12345查询。",
    renewed=True,
)

# One statement counts and tells, so that tries at the same moment cannot slip past the limit together.
_COUNT = """
INSERT INTO portal_tally AS known (key, count, until) VALUES (%(key)s, 1, %(until)s)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN known.until <= %(now)s THEN 1 ELSE known.count + 1 END,
    until = CASE WHEN known.until <= %(now)s OR (%(renewed)s AND known.count < %(most)s)
                 THEN EXCLUDED.until ELSE known.until END
RETURNING count
"""


def spend(limit: Limit, who: str, now: datetime) -> None:
    """Counts one more; TooOften when that is one too many."""
    told = {
        "key": _key(limit, who),
        "until": now + limit.within,
        "now": now,
        "renewed": limit.renewed,
        "most": limit.most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, told)
        (count,) = cursor.fetchone()
    if count > limit.most:
        raise TooOften(limit.message)


def give_back(limit: Limit, who: str) -> None:
    """The one just spent was none of those that are counted."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portal_tally SET count = greatest(count - 1, 0) WHERE key = %s", [_key(limit, who)])


def forget(limit: Limit, who: str) -> None:
    Tally.objects.filter(pk=_key(limit, who)).delete()


def discard_old(now: datetime) -> int:
    return Tally.objects.filter(until__lt=now).delete()[0]


def who_asks(request: HttpRequest) -> str:
    """The address as it is counted: of IPv6 the network, since a household has more addresses than can be listed."""
    raw = reveals.address_of(request) or ""
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return raw
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def _key(limit: Limit, who: str) -> str:
    digest = hmac.new(settings.DATA_KEY, f"portal:{limit.name}:{who}".encode(), hashlib.sha256).hexdigest()
    return f"{limit.name}:{digest[:48]}"
