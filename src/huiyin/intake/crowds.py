"""Raises the grade where many people call about one point within minutes: the one thing that a proposal must count."""

from dataclasses import replace
from datetime import datetime, timedelta

from huiyin.domain.grading import propose_grade
from huiyin.intake.proposing import Known, Proposal, propose
from huiyin.matching.finding import callers_at_point
from huiyin.registry import rulebook


def propose_with_crowd(known: Known, *, at: datetime) -> Proposal:
    """As `propose`, with who else called about this community and branch of classes lately. One statement."""
    made = propose(known, at=at)
    in_force = rulebook.current(at)
    rules = rulebook.rules(in_force.limits_id)
    others = callers_at_point(
        community_id=known.community_id or made.place.community_id,
        street_id=None,  # a street is no point: hundreds of thousands live in some
        class_code=made.class_code,
        since=at - timedelta(minutes=rules.crowd_minutes),
    )
    if others + 1 < rules.crowd_callers:
        return made
    info = rulebook.taxonomy(in_force.taxonomy_id).get(made.class_code)
    raised = propose_grade(
        usual=info.urgency if info else None,
        text=f"{known.text} {known.address}",
        rules=rules,
        request_type=made.request_type,
        callers=others + 1,
    )
    return replace(made, grade=raised)
