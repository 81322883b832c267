"""Builds what this process keeps in memory for proposals and type-aheads, so that the first caller need not wait."""

from datetime import datetime

from huiyin.intake.proposing import Known, propose
from huiyin.knowledge import answering
from huiyin.registry import lookup


def warm(*, now: datetime) -> None:
    """For the start of a web process; some seconds once, nothing if it was done already. Needs a loaded registry."""
    lookup.warm()
    propose(Known(text="预热"), at=now)
    answering.find("预热", at=now)
