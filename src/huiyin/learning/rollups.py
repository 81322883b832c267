"""Counts outcomes by day: days with a change are rewritten whole, so that no count can drift."""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models.functions import TruncDate

from huiyin.domain.calendar import CITY_ZONE
from huiyin.learning.models import ConfidenceDay, Outcome, OutcomeDay, Progress

_MARK = "rollups"
_AGAIN = timedelta(minutes=10)  # transactions that began before the mark and ended after it
_MOST_DAYS = 400

# Uses learning_outcome_sent.
_OUTCOMES = """
INSERT INTO learning_outcome_day (day, class_prefix, unit_id, dispatched, automatic, automatic_wrong, unit_known,
                                  unit_right, class_known, class_right)
SELECT %(day)s, left(class_code, 4), unit_id, count(*), count(*) FILTER (WHERE automatic),
       count(*) FILTER (WHERE automatic AND NOT unit_right), count(unit_right), count(*) FILTER (WHERE unit_right),
       count(class_right), count(*) FILTER (WHERE class_right)
  FROM learning_outcome WHERE dispatched_at >= %(start)s AND dispatched_at < %(end)s
 GROUP BY left(class_code, 4), unit_id
"""
_CONFIDENCE = """
INSERT INTO learning_confidence_day (day, kind, step, cases, "right", confidence)
SELECT %(day)s, kind, least(19, greatest(0, floor(confidence * 20)::int)), count(*), count(*) FILTER (WHERE is_right),
       sum(confidence)
  FROM (SELECT 'unit' AS kind, confidence, unit_right AS is_right FROM learning_outcome
         WHERE dispatched_at >= %(start)s AND dispatched_at < %(end)s AND unit_proposed IS NOT NULL
        UNION ALL
        SELECT 'class', class_confidence, class_right FROM learning_outcome
         WHERE dispatched_at >= %(start)s AND dispatched_at < %(end)s) AS said
 WHERE confidence IS NOT NULL AND is_right IS NOT NULL
 GROUP BY 2, 3
"""


def refresh(now: datetime) -> int:
    """Counts anew the days of what changed since the last time; returns how many days."""
    mark = Progress.objects.filter(pk=_MARK).first()
    changed = Outcome.objects.all()
    if mark is not None and mark.at is not None:
        changed = changed.filter(changed_at__gte=mark.at - _AGAIN)
    days = changed.annotate(day=TruncDate("dispatched_at", tzinfo=CITY_ZONE)).order_by("-day")
    found = list(days.values_list("day", flat=True).distinct()[:_MOST_DAYS])
    for day in found:
        recount(day)
    Progress.objects.update_or_create(pk=_MARK, defaults={"at": now})
    return len(found)


@transaction.atomic
def recount(day: date) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=CITY_ZONE)
    given = {"day": day, "start": start, "end": start + timedelta(days=1)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('learning_rollups'))")
        OutcomeDay.objects.filter(day=day).delete()
        cursor.execute(_OUTCOMES, given)
        ConfidenceDay.objects.filter(day=day).delete()
        cursor.execute(_CONFIDENCE, given)
