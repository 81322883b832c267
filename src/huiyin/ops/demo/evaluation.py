"""Closes the demo city's past months as its evaluators would have: drafted, reviewed, frozen and published."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Min

from huiyin.accounts.models import Staff
from huiyin.accounts.viewer import read_viewer
from huiyin.cases.models import Case
from huiyin.evaluation import closing, jobs, live, periods
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import Group
from huiyin.ops.demo import exclusions, governance
from huiyin.packs import making, selectors

_CLOSED_AFTER = timedelta(days=1, hours=10)  # on the morning of the second day of the next period
_REVIEWER = -1  # a second evaluator, whom the demo has no account for


def close_past(now: datetime) -> list[Version]:
    """Every period that lies wholly in the history and has ended; the running one gets its estimate.

    What the worker may do once the pages are up is left to it: the looks for gaming, the districts' packs.
    """
    first = Case.objects.aggregate(first=Min("registered_at"))["first"]
    if first is None:
        return []
    by = read_viewer(Staff.objects.get(username="kaoping"))
    reviewer = replace(by, staff_id=_REVIEWER, name="钱复核")
    published = []
    for period in periods.open_periods(first, now):
        at = period.ends_at + _CLOSED_AFTER
        if period.begins_at < first or at > now or period.versions.filter(number__gt=0).exists():
            continue
        exclusions.past(period)
        version = closing.draft(period, by=by, now=at)
        version = closing.review(version, by=reviewer, note="已核对剔除、结转和回访无效的案件", now=at)
        version = closing.freeze(version, by=by, now=at)
        published.append(closing.publish(version, by=by, now=at))
        jobs.look_for_gaming.defer(version_id=version.pk)
        governance.follow(published[-1], at=at, now=now)
    if published:
        districts = [key for key in selectors.keys_for(by) if key[0] is Group.DISTRICT]
        making.ask(published[-1], districts, by=by, now=now)
        exclusions.draw(published[-1].period, now=now)
        exclusions.waiting(now)
    live.refresh(now)
    return published
