"""Fills the demo city's knowledge base: example entries, some of them due for review, and gaps that were noted."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from huiyin.knowledge import gaps, importing, writing
from huiyin.knowledge.models import Entry
from huiyin.registry import directory
from huiyin.tables.reading import BadFile

SOURCE = "示例条目，以官方发布为准"
_FOLDER = Path(__file__).with_name("knowledge")
_EXPIRING, _REVIEW, _ENDED = 29, 17, 61  # every so-many-th entry, so that an editor finds something to do
_GAPS = (
    "地铁里能不能给手机充电，哪些站有充电宝归还点",
    "外国护照怎么在政务大厅网上预约取号",
    "小区里能不能自己装太阳能板，要找谁同意",
    "无人机在郊区公园里能飞吗",
)


def load(now: datetime) -> int:
    """Nothing where the entries are there already; returns how many came in."""
    hotline = directory.hotline()
    if hotline is None or Entry.objects.filter(code__startswith="demo-").exists():
        return 0
    lines = [line for path in sorted(_FOLDER.glob("*.csv")) for line in _read(path, hotline.id, now)]
    done = importing.write([_dated(number, line, now) for number, line in enumerate(lines)], by=writing.SYSTEM, now=now)
    for times, text in enumerate(_GAPS, start=1):
        for _time in range(times):
            gaps.note(text, now=now)
    return done.added


def _read(path: Path, owner_id: int, now: datetime) -> list[importing.Line]:
    reading = importing.read(
        path, today=now.date() - timedelta(days=200), owner_id=owner_id, public=True, source=SOURCE
    )
    if reading.faults:
        raise BadFile(f"{path.name}：{reading.faults[0]}")
    return reading.lines


def _dated(number: int, line: importing.Line, now: datetime) -> importing.Line:
    today = now.date()
    content = replace(line.content, review_date=today + timedelta(days=30 + number % 150))
    if number % _REVIEW == _REVIEW - 1:
        content = replace(content, review_date=today - timedelta(days=3))
    if number % _EXPIRING == _EXPIRING - 1:
        content = replace(content, valid_until=today + timedelta(days=12))
    if number % _ENDED == _ENDED - 1:
        content = replace(content, valid_until=today - timedelta(days=1))
    return replace(line, content=content)
