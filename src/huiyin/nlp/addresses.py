"""Reads the parts of an address below the estate: gate number, zone, building, unit, floor, room."""

import re
import unicodedata
from dataclasses import dataclass, fields

_NUMBER = r"(?:[甲乙丙丁]?\d{1,4}[A-Za-z甲乙丙丁]?|[甲乙丙丁]?[一二三四五六七八九十百零〇]{1,4}|[A-Za-z]\d{0,3})"
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("gate", re.compile(rf"(?P<gate>{_NUMBER})号(?!楼|线|院楼)(?P<yard>院)?")),
    (
        "zone",
        re.compile(r"(?P<zone>[东西南北中A-Z]区|[一二三四五六七八九十\d]{1,2}区|[一二三四五六]期)(?!域|政府)"),
    ),
    ("building", re.compile(rf"(?P<building>{_NUMBER})(?:号楼|栋|幢|座|#楼|楼栋|#)")),
    ("unit", re.compile(rf"(?P<unit>{_NUMBER})(?:单元|门(?!口|前|头|市|店|诊|外|里|卫|禁))")),
    (
        "floor",
        re.compile(
            r"(?P<floor>-?\d{1,3}|[一二三四五六七八九十]{1,3}|地下[一二三]?)(?:层|楼(?!道|下|上|栋|顶|里|外|宇|房|盘|层|的))"
        ),
    ),
    ("room", re.compile(r"(?P<room>\d{3,4}[A-Za-z]?)(?:室|号房|房(?!间|屋|产|租|东))")),
)
_BARE_ROOM = re.compile(r"^\s*(\d{3,4})(?!\d|[年元块米月日天人路次])")  # 2单元501
_DASHED = re.compile(r"(?<![\d-])(\d{1,3})-(\d{1,2})-(\d{3,4})(?![\d-])")  # 3-2-501
_DIGITS = {"零": 0, "〇": 0, **{char: value for value, char in enumerate("一二三四五六七八九", start=1)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressParts:
    """What was said, numerals as digits; empty where nothing was said."""

    gate: str = ""  # 25号, 甲7号院
    zone: str = ""  # 东区
    building: str = ""  # 12
    unit: str = ""
    floor: str = ""
    room: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, part.name) for part in fields(self))

    def as_text(self) -> str:
        """甲7号院东区12号楼3单元5层501室, as it is written on an envelope."""
        marks = (("gate", ""), ("zone", ""), ("building", "号楼"), ("unit", "单元"), ("floor", "层"), ("room", "室"))
        return "".join(f"{getattr(self, name)}{mark}" for name, mark in marks if getattr(self, name))


def parse_address(text: str) -> AddressParts:
    """The first of each part in the text; a part that is not there stays empty."""
    text = unicodedata.normalize("NFKC", text)
    found: dict[str, str] = {}
    if dashed := _DASHED.search(text):
        found = {"building": dashed[1], "unit": dashed[2], "room": dashed[3]}
    for name, pattern in _PARTS:
        match = pattern.search(text)
        if match is None or name in found:
            continue
        value = match[name]
        found[name] = value if name == "zone" else in_digits(value)
        if name == "gate":
            found["gate"] += f"号{match['yard'] or ''}"
        if name == "unit" and (room := _BARE_ROOM.match(text[match.end() :])):
            found["room"] = room[1]
    return AddressParts(**found)


def in_digits(numeral: str) -> str:
    """十二 → 12, 二十 → 20, 一百零三 → 103, 甲三 → 甲3; what is no numeral stays as it is."""
    head = numeral[0] if numeral[:1] in "甲乙丙丁" else ""
    body = numeral[len(head) :]
    if not body or any(char not in _DIGITS and char not in "十百" for char in body):
        return numeral.upper()
    if not set(body) & set("十百"):
        return head + "".join(str(_DIGITS[char]) for char in body)
    total, last = 0, 0
    for char in body:
        if char in "十百":
            total += (last or 1) * (10 if char == "十" else 100)
            last = 0
        else:
            last = _DIGITS[char]
    return f"{head}{total + last}"
