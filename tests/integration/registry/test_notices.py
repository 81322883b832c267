"""The yearly holiday notice is read as it is published."""

import csv
from datetime import date

import pytest

from huiyin.registry import presets
from huiyin.registry.notices import UnreadableNotice, read_notice

NOTICE_2026 = """各省、自治区、直辖市人民政府：
经国务院批准，现将2026年元旦、春节等放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
"""


def test_the_notice_of_2026_gives_the_calendar_of_the_preset() -> None:
    with (presets.folder_of("beijing") / "calendar.csv").open(encoding="utf-8") as lines:
        wanted = [
            (row["day"], row["worked"] == "班", row["name"]) for row in csv.DictReader(lines) if "2026" in row["day"]
        ]

    read = [(day.day.isoformat(), day.worked, day.name) for day in read_notice(NOTICE_2026, year=2026)]

    assert read == wanted


def test_a_holiday_may_cross_the_year() -> None:
    days = read_notice("一、元旦：12月30日至1月1日放假。", year=2023)

    assert [day.day for day in days] == [date(2023, 12, 30), date(2023, 12, 31), date(2024, 1, 1)]


def test_lines_of_a_table_are_read_too() -> None:
    days = read_notice("day,worked,name\n2027-01-01,休,元旦\n2027/2/14，上班，春节调休", year=2027)

    assert [(day.day, day.worked, day.name) for day in days] == [
        (date(2027, 1, 1), False, "元旦"),
        (date(2027, 2, 14), True, "春节调休"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("一、元旦：13月1日放假。", "没有 2027 年 13 月 1 日"),
        ("一、元旦：1月1日至3月1日放假。", "起止不合理"),
        ("一、元旦：1月3日至1日放假。", "起止不合理"),
        ("一、元旦：1月1日放假。\n二、春节：1月1日上班。", "第 2 行：2027-01-01 与前文矛盾"),
        ("", "没有读到"),
    ],
)
def test_what_cannot_be_right_is_told(text: str, message: str) -> None:
    with pytest.raises(UnreadableNotice, match=message):
        read_notice(text, year=2027)
