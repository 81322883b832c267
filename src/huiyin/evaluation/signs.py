"""Counts the signs of managed figures in a version's cases: of so many cases of a unit, so many show the sign.

What each sign means is told in `analytics.gaming.SIGNS`; here is how it is read from cases, events and applications.
One statement reads the facts of all cases, one a sign counts them; a sign says nothing of a case it cannot be asked of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from huiyin.accounts import sealed
from huiyin.accounts.models import Post
from huiyin.evaluation.models import Version
from huiyin.registry.models import Unit

CALLS_AGAIN_WITHIN: Final = timedelta(days=30)
HASTY: Final = timedelta(minutes=10)
NEAR_THE_END: Final = 0.05  # the last part of the limit
_SHORTEST_REPLY = 12  # characters that are left of a reply without its digits and signs
_SHOWN = 200  # cases behind a sign that are named

_FACTS: Final = """
CREATE TEMP TABLE gamed ON COMMIT DROP AS
SELECT r.case_id, r.unit_id, r.why IN ('counted', 'without_resolution') AS judged, r.satisfaction,
       c.requester_id, left(c.class_code, 4) AS branch, c.street_id, c.round, c.registered_at,
       c.dispatched_at, c.due_at, c.feedback_hotline_at AS replied_at,
       EXISTS (SELECT FROM hotline_case n
                WHERE n.requester_id = c.requester_id AND n.registered_at > c.feedback_hotline_at
                  AND n.registered_at <= c.feedback_hotline_at + %(again)s AND n.registered_at < %(as_of)s
                  AND n.id <> c.id AND left(n.class_code, 4) = left(c.class_code, 4)
                  AND n.street_id IS NOT DISTINCT FROM c.street_id) AS called_again
  FROM assessment_case_result r JOIN hotline_case c ON c.id = r.case_id
 WHERE r.version_id = %(version)s AND r.unit_id IS NOT NULL
"""

# Each gives case_id, unit_id, hit. Replies are compared without digits, dates and signs.
_SIGNS: Final[Mapping[str, str]] = {
    "called_again": "SELECT case_id, unit_id, called_again AS hit FROM gamed WHERE replied_at IS NOT NULL",
    "pleased_but_calling": (
        "SELECT case_id, unit_id, called_again AS hit FROM gamed"
        " WHERE judged AND satisfaction = 'satisfied' AND replied_at IS NOT NULL"
    ),
    "copied_replies": """
        SELECT case_id, unit_id, length(said) >= %(shortest)s AND count(*) OVER (PARTITION BY unit_id, said) > 1 AS hit
          FROM (SELECT DISTINCT ON (g.case_id) g.case_id, g.unit_id,
                       regexp_replace(e.data ->> 'result', %(signs)s, '', 'g') AS said
                  FROM gamed g JOIN case_event e
                    ON e.case_id = g.case_id AND e.at >= g.registered_at AND e.action = 'reply' AND e.at < %(as_of)s
                 ORDER BY g.case_id, e.seq DESC) AS replies""",
    "at_the_limit": """
        SELECT case_id, unit_id, due_at - replied_at <= (due_at - dispatched_at) * %(near)s AS hit
          FROM gamed WHERE round = 1 AND replied_at <= due_at AND due_at > dispatched_at""",
    "own_numbers": """
        SELECT g.case_id, g.unit_id, o.unit_id IS NOT NULL AS hit
          FROM gamed g JOIN requester q ON q.id = g.requester_id
          LEFT JOIN (SELECT DISTINCT * FROM unnest(%(own_units)s::int[], %(own_prints)s::bytea[]) AS o(unit_id, print))
               AS o ON o.unit_id = g.unit_id AND o.print = q.phone_print
         WHERE g.judged""",
    "hasty_ratings": """
        SELECT g.case_id, g.unit_id, a.case_id IS NOT NULL AS hit
          FROM gamed g LEFT JOIN (
               SELECT DISTINCT h.case_id FROM gamed h JOIN case_event e
                   ON e.case_id = h.case_id AND e.at >= h.registered_at AND e.action = 'record_callback'
                  AND e.actor_kind = 'citizen' AND e.at BETWEEN h.replied_at AND h.replied_at + %(hasty)s) AS a
               ON a.case_id = g.case_id
         WHERE g.judged""",
    "excluded": """
        SELECT g.case_id, g.unit_id, x.case_id IS NOT NULL AS hit
          FROM gamed g LEFT JOIN (SELECT DISTINCT case_id, unit_id FROM assessment_exclusion
                                   WHERE applied_at < %(as_of)s) AS x
               ON x.case_id = g.case_id AND x.unit_id = g.unit_id""",
}
_COUNT: Final = """
SELECT unit_id, count(*), count(*) FILTER (WHERE hit),
       (array_agg(case_id ORDER BY case_id DESC) FILTER (WHERE hit))[1:%(shown)s]
  FROM ({sign}) AS asked GROUP BY unit_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Of `trials` cases that can show it, `hits` do; `cases` names the newest of them."""

    hits: int = 0
    trials: int = 0
    cases: tuple[int, ...] = ()

    def __add__(self, other: "Sign") -> "Sign":
        named = tuple(sorted((*self.cases, *other.cases), reverse=True))[:_SHOWN]
        return Sign(hits=self.hits + other.hits, trials=self.trials + other.trials, cases=named)


@transaction.atomic
def count(version: Version) -> dict[str, dict[int, Sign]]:
    """{sign: {lead unit: Sign}}; nine statements, whatever the number of cases."""
    units, prints = own_numbers()
    given = {
        "version": version.pk,
        "as_of": version.as_of,
        "again": CALLS_AGAIN_WITHIN,
        "hasty": HASTY,
        "near": NEAR_THE_END,
        "shortest": _SHORTEST_REPLY,
        "shown": _SHOWN,
        "signs": "[[:digit:][:space:][:punct:]，。、；：（）“”年月日时分]",  # the signs of Chinese text
        "own_units": units,
        "own_prints": prints,
    }
    found: dict[str, dict[int, Sign]] = {}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS gamed")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(_FACTS, given)
        cursor.execute("ANALYZE gamed")
        for name, sign in _SIGNS.items():
            cursor.execute(_COUNT.format(sign=sign), given)
            found[name] = {
                unit_id: Sign(hits=hits, trials=trials, cases=tuple(cases or ()))
                for unit_id, trials, hits, cases in cursor.fetchall()
            }
    return found


def own_numbers() -> tuple[list[int], list[bytes]]:
    """Units and the fingerprints of numbers that are theirs: the unit's own, and those of the people who work there."""
    numbers = [
        *Unit.objects.exclude(phone="").values_list("id", "phone"),
        *Post.objects.exclude(staff__phone="").values_list("unit_id", "staff__phone"),
    ]
    told = [(unit_id, sealed.fingerprint(phone)) for unit_id, phone in numbers]
    return [unit_id for unit_id, _ in told], [mark for _, mark in told]
