"""Tells a unit's heads that they are called to a talk, among the notices that they read anyway."""

from datetime import datetime

from huiyin.accounts.models import Post
from huiyin.cases.models import Notice
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.vocabulary import Role
from huiyin.governance.models import Talk
from huiyin.governance.vocabulary import TalkState

_OURS = -(1 << 60)  # numbers of no event, and far from those that other rooms give to theirs
_STATES = list(TalkState)
_REASONS = 1 << 16  # longer than a talk's reason grows


def tell_heads(talk: Talk, text: str, *, now: datetime) -> None:
    """Each head of the unit, once for each state of the talk, and again when one that waits takes one more reason."""
    heads = Post.objects.valid_on(now.astimezone(CITY_ZONE).date()).filter(
        unit_id=talk.unit_id, role__in=[str(Role.UNIT_HEAD)]
    )
    Notice.objects.bulk_create(
        [
            Notice(
                unit_id=talk.unit_id,
                staff_id=staff_id,
                event_id=_number(talk),
                link=f"/governance/talks/{talk.pk}/",  # as urls.py says: a job need not load every page to know
                action="talk",
                text=text[:200],
                urgent=talk.state == TalkState.PROPOSED,
                at=now,
            )
            for staff_id in sorted(set(heads.values_list("staff_id", flat=True)))
        ],
        ignore_conflicts=True,
    )


def _number(talk: Talk) -> int:
    """The same for the same words, so that a second run tells nobody twice.

    Reasons are only ever added to a talk, so their length tells which of them have been told.
    """
    step = talk.pk * len(_STATES) + _STATES.index(TalkState(talk.state))
    return _OURS - (step * _REASONS + len(talk.reason) % _REASONS)
