"""What is known of each case at a period's end, read from its events in a few statements for a million cases.

A case is looked at as it stood at the cut, whatever happened to it since: rows that moved later are folded anew from
their events. So the same figures come out whenever they are computed. The rule itself is `domain.entering`; here each
distinct combination of facts is put to it once.
"""

from datetime import datetime
from typing import Final

from django.db.backends.utils import CursorWrapper

from huiyin.domain.entering import EnteringRule, Outcome, Why, why_of
from huiyin.domain.vocabulary import RequestType

# Cases that came in during the period (case_newest), and older ones that were called back in it, or began to count in
# it: dispatched only then, or no longer suspended. Not those that stood concluded at an earlier period's end already: a
# case is judged once. `carried`: it counted at an earlier end, so that each case is volume of one period and no other.
_CANDIDATES: Final = """
CREATE TEMP TABLE assessed ON COMMIT DROP AS
SELECT c.id, c.registered_at, false AS carried, c.last_at >= %(cut)s AS moved
  FROM hotline_case c WHERE c.registered_at >= %(begins)s AND c.registered_at < %(cut)s
UNION ALL
SELECT c.id, c.registered_at,
       EXISTS (SELECT FROM unnest(%(cuts)s::timestamptz[]) AS earlier(cut)
                WHERE earlier.cut > c.registered_at
                  AND (SELECT e.to_status FROM case_event e
                        WHERE e.case_id = c.id AND e.at >= c.registered_at AND e.at < earlier.cut
                        ORDER BY e.seq DESC LIMIT 1) <> 'suspended'
                  AND (SELECT e.sets ->> 'disposition' FROM case_event e
                        WHERE e.case_id = c.id AND e.at >= c.registered_at AND e.at < earlier.cut
                          AND e.sets ? 'disposition' ORDER BY e.seq DESC LIMIT 1) = 'dispatch'),
       c.last_at >= %(cut)s
  FROM (SELECT DISTINCT case_id FROM case_event
         WHERE action IN ('record_callback', 'dispatch', 'release', 'reopen') AND at >= %(begins)s AND at < %(cut)s)
       AS touched
  JOIN hotline_case c ON c.id = touched.case_id AND c.registered_at < %(begins)s
 WHERE NOT EXISTS (
       SELECT FROM unnest(%(cuts)s::timestamptz[]) AS earlier(cut)
        WHERE earlier.cut > c.registered_at AND (
              SELECT e.sets ->> 'callback_valid' FROM case_event e
               WHERE e.case_id = c.id AND e.at >= c.registered_at AND e.at < earlier.cut AND e.sets ? 'callback_valid'
               ORDER BY e.seq DESC LIMIT 1) IS NOT NULL)
"""

_FIELDS: Final = (
    "lead_unit_id",
    "disposition",
    "request_type",
    "class_code",
    "grade",
    "callback_valid",
    "contacted",
    "solved",
    "satisfaction",
)

# The state at the cut of the cases that moved after it: the last value that an event set, field by field.
_FOLDED: Final = """
CREATE TEMP TABLE assessed_folded ON COMMIT DROP AS
SELECT a.id, (array_agg(e.to_status ORDER BY e.seq DESC))[1] AS status,
       coalesce(jsonb_object_agg(field.key, field.value ORDER BY e.seq) FILTER (WHERE field.key IS NOT NULL), '{}')
       AS state
  FROM assessed a
  JOIN case_event e ON e.case_id = a.id AND e.at >= a.registered_at AND e.at < %(cut)s
  LEFT JOIN LATERAL (SELECT * FROM jsonb_each(e.sets) AS f(key, value) WHERE f.key = ANY(%(fields)s)) AS field ON true
 WHERE a.moved GROUP BY a.id
"""

_STATE: Final = """
CREATE TEMP TABLE assessed_state ON COMMIT DROP AS
SELECT c.id, a.registered_at, a.carried, c.status, c.lead_unit_id, c.disposition, c.request_type, c.class_code, c.grade,
       c.callback_valid, c.contacted, c.solved, c.satisfaction
  FROM assessed a JOIN hotline_case c ON c.id = a.id WHERE NOT a.moved
UNION ALL
SELECT a.id, a.registered_at, a.carried, f.status, (f.state ->> 'lead_unit_id')::int, f.state ->> 'disposition',
       f.state ->> 'request_type', f.state ->> 'class_code', f.state ->> 'grade',
       (f.state ->> 'callback_valid')::boolean, (f.state ->> 'contacted')::boolean, (f.state ->> 'solved')::boolean,
       f.state ->> 'satisfaction'
  FROM assessed a JOIN assessed_folded f ON f.id = a.id
"""

# Who was not drawn, or not yet, does not count, whoever asked him and whatever he said (docs/callbacks.md).
# Rulings made before `as_of`. An upheld appeal gives the answers of the second call in place of those it was filed
# against: where the callback came to something else between filing and cut, the citizen's later word stands.
_FACTS: Final = """
CREATE TEMP TABLE assessed_facts ON COMMIT DROP AS
SELECT s.id AS case_id, s.lead_unit_id AS unit_id, s.carried, s.class_code, s.request_type, s.grade,
       s.status = 'suspended' AS suspended,
       coalesce(x.kind = 'exclusion', false) AS excluded, coalesce(x.kind = 'volume_exempt', false) AS exempt,
       s.callback_valid OR p.case_id IS NOT NULL AS callback_valid,
       CASE WHEN p.case_id IS NULL THEN s.contacted ELSE p.contacted END AS contacted,
       CASE WHEN p.case_id IS NULL THEN s.solved ELSE p.solved END AS solved,
       CASE WHEN p.case_id IS NULL THEN s.satisfaction ELSE p.satisfaction END AS satisfaction,
       CASE WHEN p.case_id IS NOT NULL THEN 'appeal' WHEN s.callback_valid THEN 'callback' END AS basis,
       k.case_id IS NOT NULL AS not_sampled, s.registered_at
  FROM assessed_state s
  LEFT JOIN (SELECT listed.case_id FROM callback_frame_case listed
               JOIN callback_frame frame ON frame.id = listed.frame_id
               JOIN hotline_case listed_case ON listed_case.id = listed.case_id
              WHERE listed.entered_at < %(cut)s
                AND NOT (listed.drawn IS TRUE AND frame.drawn_at < %(as_of)s)
                -- Reopened since: that handling is judged anew, and everybody is asked about it.
                AND NOT (listed_case.dispatched_at > listed.entered_at AND EXISTS (
                    SELECT FROM case_event e WHERE e.case_id = listed.case_id AND e.at > listed.entered_at
                       AND e.at < %(cut)s AND e.action = 'reopen'))) AS k ON k.case_id = s.id
  LEFT JOIN assessment_exclusion x ON x.case_id = s.id AND x.ruled_at < %(as_of)s
       AND (x.ruling = 'granted' OR (x.ruling = 'revoked' AND x.revoked_at >= %(as_of)s))
  LEFT JOIN assessment_appeal p ON p.case_id = s.id AND p.upheld AND p.ruled_at < %(as_of)s
       AND s.callback_valid IS NOT NULL AND NOT EXISTS (
           SELECT FROM case_event e
            WHERE e.case_id = s.id AND e.sets ->> 'callback_valid' IS NOT NULL
              AND (e.at > p.filed_at AND e.at < %(cut)s OR e.at >= %(cut)s AND e.at <= p.filed_at))
 WHERE s.disposition = 'dispatch' AND (NOT s.carried OR s.callback_valid IS NOT NULL)
   -- Left out of an earlier period already: asked late, it is not left out of this one a second time.
   AND NOT (s.carried AND x.case_id IS NOT NULL AND (x.ruled_at < %(begins)s OR EXISTS (
       SELECT FROM assessment_case_result r
         JOIN assessment_version v ON v.id = r.version_id AND v.frozen_at < %(as_of)s
         JOIN assessment_period before ON before.id = v.period_id AND before.ends_at <= %(begins)s
        WHERE r.case_id = s.id AND r.why IN ('excluded', 'volume_exempt'))))
"""

_COMBINED: Final = (
    "concat_ws('|', request_type, suspended, excluded, exempt, not_sampled, coalesce(callback_valid::text, ''))"
)
_COMBINATIONS: Final = f"""
SELECT DISTINCT {_COMBINED}, request_type, suspended, excluded, exempt, not_sampled, callback_valid FROM assessed_facts
"""
_WAYS: Final = "CREATE TEMP TABLE assessed_ways (combined text PRIMARY KEY, why varchar(20)) ON COMMIT DROP"

# Why there is no answer that counts: what the last call came to; for who was not drawn, what he did of his own accord.
_SILENT: Final = """
       CASE why WHEN 'not_asked_yet' THEN 'waiting'
                WHEN 'callback_invalid' THEN coalesce((
                     SELECT e.data ->> 'missed' FROM case_event e
                      WHERE e.case_id = line.case_id AND e.at >= line.registered_at AND e.at < %(cut)s
                        AND e.action = 'record_callback' ORDER BY e.seq DESC LIMIT 1), 'unrecorded')
                WHEN 'not_sampled' THEN CASE
                     WHEN satisfaction IS NOT NULL THEN 'self_answered'
                     WHEN EXISTS (SELECT FROM callback_invitation i
                                   WHERE i.case_id = line.case_id AND i.made_at < %(cut)s) THEN 'link_unanswered'
                     ELSE 'not_drawn' END END AS nonresponse
"""

# One line a case as a version keeps it.
LINES: Final = f"""
SELECT case_id, unit_id, why, basis, carried,
       contacted AND judged AS contacted, solved AND judged AS solved,
       CASE WHEN judged THEN satisfaction END AS satisfaction, class_code, request_type, grade,{_SILENT}
  FROM (SELECT f.*, w.why, w.why IN ('counted', 'without_resolution') AS judged
          FROM assessed_facts f JOIN assessed_ways w ON w.combined = {_COMBINED}) AS line
"""
_TABLES: Final = ("assessed", "assessed_folded", "assessed_state", "assessed_facts", "assessed_ways")


def gather(
    cursor: CursorWrapper,
    *,
    begins: datetime,
    cut: datetime,
    cuts: list[datetime],
    as_of: datetime,
    rule: EnteringRule,
) -> None:
    """Leaves temporary tables that LINES reads; they live until the transaction ends. `cuts`: earlier periods' ends."""
    cursor.execute(f"DROP TABLE IF EXISTS {', '.join(_TABLES)}")
    cursor.execute("SET LOCAL work_mem = '128MB'")
    cursor.execute(_CANDIDATES, {"begins": begins, "cut": cut, "cuts": cuts})
    cursor.execute("ANALYZE assessed")
    cursor.execute(_FOLDED, {"cut": cut, "fields": list(_FIELDS)})
    cursor.execute(_STATE)
    cursor.execute(_FACTS, {"as_of": as_of, "begins": begins, "cut": cut})
    cursor.execute("ANALYZE assessed_facts")
    _decide(cursor, rule)


def _decide(cursor: CursorWrapper, rule: EnteringRule) -> None:
    """Each combination of facts is put to the rule once: some hundred instead of a million."""
    cursor.execute(_WAYS)
    cursor.execute(_COMBINATIONS)
    ways: list[tuple[str, Why]] = []
    for combined, request_type, suspended, excluded, exempt, not_sampled, valid in cursor.fetchall():
        outcome = Outcome(
            request_type=RequestType(request_type),
            dispatched=True,
            suspended=suspended,
            excluded=excluded,
            volume_exempt=exempt,
            not_sampled=not_sampled,
            callback_valid=valid,
        )
        ways.append((combined, why_of(outcome, rule)))
    cursor.executemany("INSERT INTO assessed_ways VALUES (%s, %s)", ways)
