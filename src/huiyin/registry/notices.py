"""Reads the yearly holiday notice (国务院办公厅关于…节假日安排的通知) or CSV lines into days worked and days off."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_HEAD = re.compile(r"^\s*(?:[一二三四五六七八九十]+|\d+)?\s*[、.．]?\s*(?P<name>[^：:，。\d]{2,12})[：:](?P<rest>.*)$")
_SENTENCE = re.compile(r"[^。；;]+")
_DAY = r"(?:(?P<{p}m>\d{{1,2}})月)?(?P<{p}d>\d{{1,2}})日(?:[（(][^）)]*[）)])?"
_SPAN = re.compile(_DAY.format(p="a") + r"(?:\s*(?:至|-|—|~|到)\s*" + _DAY.format(p="b") + r")?")
_CSV = re.compile(
    r"^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\s*[,，\t ]\s*(班|休|上班|放假|true|false)\s*(?:[,，\t ]\s*(.*))?$"
)
_LONGEST = 15  # days in one holiday; more is a slip of the pen


@dataclass(frozen=True, slots=True)
class NoticeDay:
    day: date
    worked: bool
    name: str


class UnreadableNotice(ValueError):
    """The text cannot be read; the message names the line."""


def read_notice(text: str, *, year: int) -> list[NoticeDay]:
    """Days in order; raises UnreadableNotice for a line that looks like an arrangement but cannot be read."""
    days: dict[date, NoticeDay] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.strip().startswith("day,"):
            continue
        try:
            found = list(_of_line(line, year))
        except ValueError as exc:
            raise UnreadableNotice(f"第 {number} 行：{exc}") from exc
        for day in found:
            if day.day in days and days[day.day].worked != day.worked:
                raise UnreadableNotice(f"第 {number} 行：{day.day:%Y-%m-%d} 与前文矛盾，既放假又上班")
            days.setdefault(day.day, day)
    if not days:
        raise UnreadableNotice("没有读到任何放假或上班的日期，请粘贴通知正文，或每行写“日期,休或班,名称”")
    return [days[day] for day in sorted(days)]


def _of_line(line: str, year: int) -> Iterator[NoticeDay]:
    csv = _CSV.match(line)
    if csv:
        day = _date(int(csv[1]), int(csv[2]), int(csv[3]))
        yield NoticeDay(day, csv[4] in ("班", "上班", "true"), (csv[5] or "").strip())
        return
    head = _HEAD.match(line)
    if head is None:
        return
    for sentence in _SENTENCE.findall(head["rest"]):
        yield from _of_sentence(sentence, head["name"].strip(), year)


def _of_sentence(sentence: str, name: str, year: int) -> Iterator[NoticeDay]:
    worked = "上班" in sentence
    if not worked and not re.search("放假|休息|补休|调休|连休", sentence):
        return
    spans = list(_SPAN.finditer(sentence))
    if not spans:
        raise ValueError(f"“{sentence.strip()}”中没有日期")
    month = 0
    for span in spans:
        first, last = _ends(span, year, month)
        month = last.month
        if not first <= last < first + timedelta(days=_LONGEST):
            raise ValueError(f"“{span.group()}”起止不合理")
        for offset in range((last - first).days + 1):
            yield NoticeDay(first + timedelta(days=offset), worked, f"{name}调休上班" if worked else name)


def _ends(span: "re.Match[str]", year: int, month: int) -> tuple[date, date]:
    """The first and last day; a month may be left out where it was just named, and a holiday may cross the year."""
    first_month = int(span["am"] or month)
    first = _date(year, first_month, int(span["ad"]))
    if span["bd"] is None:
        return first, first
    last_month = int(span["bm"] or first_month)
    return first, _date(year + (last_month < first_month), last_month, int(span["bd"]))


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as exc:
        raise ValueError(f"没有 {year} 年 {month} 月 {day} 日这一天") from exc
