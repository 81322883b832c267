"""Whom to ask and when: due callbacks, those to try again, with a link out, to ask early, bad answers, samples."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from huiyin.callbacks import frames, handlings
from huiyin.callbacks.models import FrameCase
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
    DRAWN = "drawn", "抽中待拨"
    ASIDE = "aside", "未抽中"


# The order in which each list is worked off; each is that of a partial index.
_ORDER: Mapping[Tab, tuple[str, ...]] = {
    Tab.DUE: ("callback_next_at", "id"),
    Tab.LATER: ("callback_next_at", "id"),
    Tab.LINKED: ("callback_next_at", "id"),
    Tab.EARLY: ("due_at", "id"),
    Tab.JUDGED: ("registered_at", "id"),
    Tab.DRAWN: ("position",),  # the published order
    Tab.ASIDE: ("callback_next_at", "id"),
}
# Shown where a sampling plan has put somebody there.
OF_SAMPLES = frozenset({Tab.DRAWN, Tab.ASIDE})
# From left to right, with the key of each: who is drawn is called first, and no key changes with a plan.
SHOWN = (
    (Tab.DRAWN, 6),
    (Tab.DUE, 1),
    (Tab.LATER, 2),
    (Tab.LINKED, 3),
    (Tab.EARLY, 4),
    (Tab.JUDGED, 5),
    (Tab.ASIDE, 7),
)


def waiting(tab: Tab, now: datetime) -> QuerySet[Case]:
    """Uses case_callbacks, case_replied, case_queue. Who has a link in hand is not called before its time is over.

    Where a sample is drawn, its cases stand in the list of the drawn and nowhere else until they have been tried.
    """
    pending = Q(status=str(Status.CALLBACK_PENDING))
    linked = Exists(handlings.LINKS.filter(answered_at__isnull=True, phone_after__gt=now))
    conditions = {
        Tab.DUE: pending & Q(callback_next_at__lte=now) & ~linked & ~frames.NOT_DRAWN & ~frames.DRAWN,
        Tab.LATER: pending & Q(callback_next_at__gt=now) & ~linked & ~frames.NOT_DRAWN,
        Tab.LINKED: pending & linked & ~frames.NOT_DRAWN,
        Tab.EARLY: Q(status=str(Status.REPLIED)),
        Tab.JUDGED: Q(status=str(Status.CALLED_BACK)),
        Tab.DRAWN: pending & Q(callback_next_at__lte=now) & ~linked & frames.DRAWN,
        Tab.ASIDE: pending & frames.NOT_DRAWN,
    }
    found = Case.objects.filter(conditions[tab])
    if tab is Tab.DRAWN:
        found = found.annotate(position=Subquery(FrameCase.objects.filter(case_id=OuterRef("pk")).values("position")))
    return found


def lines(tab: Tab, now: datetime, cursor: str) -> Page[Case]:
    return page(waiting(tab, now), order=_ORDER[tab], cursor=cursor, size=PAGE_SIZE)


_COUNTS = """
WITH pending AS (
    SELECT callback_next_at <= %(now)s AS due,
           EXISTS (SELECT 1 FROM callback_invitation i
                    WHERE i.case_id = c.id AND i.round = c.round AND i.made_at >= c.dispatched_at
                      AND i.answered_at IS NULL AND i.phone_after > %(now)s) AS linked,
           f.case_id IS NOT NULL AS framed, f.drawn IS TRUE AS drawn
      FROM hotline_case c
      LEFT JOIN callback_frame_case f ON f.case_id = c.id AND c.round = 1 AND f.entered_at >= c.dispatched_at
     WHERE c.status = 'callback_pending')
SELECT count(*) FILTER (WHERE due AND NOT linked AND NOT framed),
       count(*) FILTER (WHERE NOT due AND NOT linked AND (drawn OR NOT framed)),
       count(*) FILTER (WHERE linked AND (drawn OR NOT framed)),
       (SELECT count(*) FROM hotline_case WHERE status = 'replied'),
       (SELECT count(*) FROM hotline_case WHERE status = 'called_back'),
       count(*) FILTER (WHERE due AND NOT linked AND drawn),
       count(*) FILTER (WHERE framed AND NOT drawn)
  FROM pending
"""


def counts(now: datetime) -> tuple[dict[Tab, int], str]:
    """How many wait in each list, and a stamp for live pages; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"now": now})
        found = cursor.fetchone()
    return dict(zip(Tab, found, strict=True)), "-".join(str(number) for number in found)
