"""The running period's estimate: computed every few minutes, never official, replaced each time."""

from datetime import datetime

from django.db import transaction

from huiyin.evaluation import counting, figuring, periods
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import Stage


@transaction.atomic
def refresh(now: datetime) -> Version:
    """Version 0 of the period that runs; that of the period before goes once it has official figures."""
    period = periods.period_at(now)
    edition_id, _ = periods.rules_at(period.begins_at)
    values = {"stage": Stage.LIVE, "scheme_edition_id": edition_id, "as_of": now, "drafted_at": now}
    version, _ = Version.objects.update_or_create(period=period, number=0, defaults=values)
    counting.count_cases(version)
    figuring.figure_units(version)
    Version.objects.filter(number=0, period__versions__number__gt=0).exclude(pk=version.pk).delete()
    return version
