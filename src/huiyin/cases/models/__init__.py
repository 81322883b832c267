"""The tables of the heart: requesters, cases, their events, running clocks, attachments, notices."""

from huiyin.cases.models.attachment import Attachment
from huiyin.cases.models.case import Case
from huiyin.cases.models.clock import RunningClock
from huiyin.cases.models.event import CaseEvent, Outbox
from huiyin.cases.models.notice import Notice, NoticeMark
from huiyin.cases.models.requester import Requester
from huiyin.cases.models.rollup import DayCount, OpenCount

__all__ = [
    "Attachment",
    "Case",
    "CaseEvent",
    "DayCount",
    "Notice",
    "NoticeMark",
    "OpenCount",
    "Outbox",
    "Requester",
    "RunningClock",
]
