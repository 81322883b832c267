"""The room's jobs: counting every few minutes; at night reading what is missing, training, calibrating, measuring."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.learning import rollups
from huiyin.registry.rulebook import NoEdition

log = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="learning.count", queueing_lock="learning.count")
def count(timestamp: int) -> int:
    return rollups.refresh(timezone.now())


@app.periodic(cron="17 2 * * *")
@app.task(name="learning.learn", queueing_lock="learning.learn")
def learn(timestamp: int) -> None:
    """Each step stands alone: too few labels for a model are no reason not to count."""
    # With what training needs: only the worker that learns loads it.
    from huiyin.learning import drift, examples, pruning, reading, recalibrating, training

    now = timezone.now()
    reading.catch_up(now=now)
    rollups.refresh(now)
    try:
        training.train(now=now, by="夜间训练")
    except (examples.TooFewExamples, training.TrainingRuns, NoEdition) as refused:
        log.info("no training tonight: %s", refused)
    recalibrating.recalibrate(now=now)
    drift.measure(now=now)
    pruning.prune(now)
