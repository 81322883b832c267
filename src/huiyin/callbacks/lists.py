"""Whom to ask and when: due callbacks, those to try again, those that may be asked early, bad answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from huiyin.cases.models import Case
from huiyin.cases.paging import Page, page
from huiyin.domain.vocabulary import Status, Term

PAGE_SIZE: Final = 50


class Tab(Term):
    DUE = "due", "待回访"
    LATER = "later", "稍后再拨"
    EARLY = "early", "可提前回访"
    JUDGED = "judged", "不满意待处理"


# The order in which each list is worked off; each is that of a partial index.
_ORDER: Mapping[Tab, tuple[str, ...]] = {
    Tab.DUE: ("callback_next_at", "id"),
    Tab.LATER: ("callback_next_at", "id"),
    Tab.EARLY: ("due_at", "id"),
    Tab.JUDGED: ("registered_at", "id"),
}


def waiting(tab: Tab, now: datetime) -> QuerySet[Case]:
    """Uses case_callbacks, case_replied, case_queue."""
    pending = Q(status=str(Status.CALLBACK_PENDING))
    conditions = {
        Tab.DUE: pending & Q(callback_next_at__lte=now),
        Tab.LATER: pending & Q(callback_next_at__gt=now),
        Tab.EARLY: Q(status=str(Status.REPLIED)),
        Tab.JUDGED: Q(status=str(Status.CALLED_BACK)),
    }
    return Case.objects.filter(conditions[tab])


def lines(tab: Tab, now: datetime, cursor: str) -> Page[Case]:
    return page(waiting(tab, now), order=_ORDER[tab], cursor=cursor, size=PAGE_SIZE)


_COUNTS = """
SELECT (SELECT count(*) FROM hotline_case WHERE status = 'callback_pending' AND callback_next_at <= %(now)s),
       (SELECT count(*) FROM hotline_case WHERE status = 'callback_pending' AND callback_next_at > %(now)s),
       (SELECT count(*) FROM hotline_case WHERE status = 'replied'),
       (SELECT count(*) FROM hotline_case WHERE status = 'called_back')
"""


def counts(now: datetime) -> tuple[dict[Tab, int], str]:
    """How many wait in each list, and a stamp for live pages; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"now": now})
        found = cursor.fetchone()
    return dict(zip(Tab, found, strict=True)), "-".join(str(number) for number in found)
