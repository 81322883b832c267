"""What stands below the estate in an address: gate, zone, building, unit, floor, room."""

import pytest

from huiyin.nlp.addresses import AddressParts, in_digits, parse_address


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("3号楼2单元501", {"building": "3", "unit": "2", "room": "501"}),
        ("三号楼二单元五层501室漏水", {"building": "3", "unit": "2", "floor": "5", "room": "501"}),
        ("东区12栋", {"zone": "东区", "building": "12"}),
        ("甲7号院5号楼", {"gate": "甲7号院", "building": "5"}),
        ("25号门前的井盖", {"gate": "25号"}),
        ("A座1602室", {"building": "A", "room": "1602"}),
        ("3-2-501没暖气", {"building": "3", "unit": "2", "room": "501"}),
        ("十二号楼十层", {"building": "12", "floor": "10"}),
        ("３号楼２单元", {"building": "3", "unit": "2"}),
    ],
)
def test_the_parts_of_an_address_are_read(text: str, parts: dict[str, str]) -> None:
    assert parse_address(text) == AddressParts(**parts)


@pytest.mark.parametrize(
    "text", ["楼道灯坏了", "楼下有人吵", "坐13号线", "一单子没给", "欠了500块工资", "门口堆垃圾", "", "拨打12345"]
)
def test_words_that_only_look_like_parts_are_left_alone(text: str) -> None:
    assert not parse_address(text)


def test_parts_are_written_as_on_an_envelope() -> None:
    parts = parse_address("甲7号院东区十二号楼3单元5层501室")

    assert parts.as_text() == "甲7号院东区12号楼3单元5层501室"


@pytest.mark.parametrize(
    ("numeral", "digits"),
    [("十", "10"), ("二十", "20"), ("一百零三", "103"), ("甲三", "甲3"), ("五〇一", "501"), ("b", "B")],
)
def test_numerals_become_digits(numeral: str, digits: str) -> None:
    assert in_digits(numeral) == digits
