"""Whom to ask and when: due callbacks, those to try again, those with a link out, those to ask early, bad answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from huiyin.callbacks.models import Invitation
from huiyin.cases.models import Case
from huiyin.cases.paging import Page, page
from huiyin.domain.vocabulary import Status, Term

PAGE_SIZE: Final = 50


class Tab(Term):
    DUE = "due", "待回访"
    LATER = "later", "稍后再拨"
    LINKED = "linked", "等待链接作答"
    EARLY = "early", "可提前回访"
    JUDGED = "judged", "不满意待处理"


# The order in which each list is worked off; each is that of a partial index.
_ORDER: Mapping[Tab, tuple[str, ...]] = {
    Tab.DUE: ("callback_next_at", "id"),
    Tab.LATER: ("callback_next_at", "id"),
    Tab.LINKED: ("callback_next_at", "id"),
    Tab.EARLY: ("due_at", "id"),
    Tab.JUDGED: ("registered_at", "id"),
}


def waiting(tab: Tab, now: datetime) -> QuerySet[Case]:
    """Uses case_callbacks, case_replied, case_queue. Who has a link in hand is not called before its time is over."""
    pending = Q(status=str(Status.CALLBACK_PENDING))
    linked = Exists(
        Invitation.objects.filter(
            case_id=OuterRef("pk"), round=OuterRef("round"), answered_at__isnull=True, phone_after__gt=now
        )
    )
    conditions = {
        Tab.DUE: pending & Q(callback_next_at__lte=now) & ~linked,
        Tab.LATER: pending & Q(callback_next_at__gt=now) & ~linked,
        Tab.LINKED: pending & linked,
        Tab.EARLY: Q(status=str(Status.REPLIED)),
        Tab.JUDGED: Q(status=str(Status.CALLED_BACK)),
    }
    return Case.objects.filter(conditions[tab])


def lines(tab: Tab, now: datetime, cursor: str) -> Page[Case]:
    return page(waiting(tab, now), order=_ORDER[tab], cursor=cursor, size=PAGE_SIZE)


_COUNTS = """
WITH pending AS (
    SELECT callback_next_at <= %(now)s AS due,
           EXISTS (SELECT 1 FROM callback_invitation i
                    WHERE i.case_id = c.id AND i.round = c.round AND i.answered_at IS NULL
                      AND i.phone_after > %(now)s) AS linked
      FROM hotline_case c WHERE status = 'callback_pending')
SELECT count(*) FILTER (WHERE due AND NOT linked),
       count(*) FILTER (WHERE NOT due AND NOT linked),
       count(*) FILTER (WHERE linked),
       (SELECT count(*) FROM hotline_case WHERE status = 'replied'),
       (SELECT count(*) FROM hotline_case WHERE status = 'called_back')
  FROM pending
"""


def counts(now: datetime) -> tuple[dict[Tab, int], str]:
    """How many wait in each list, and a stamp for live pages; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"now": now})
        found = cursor.fetchone()
    return dict(zip(Tab, found, strict=True)), "-".join(str(number) for number in found)
