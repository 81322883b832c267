"""Masking: enough is hidden to tell nobody, enough stays to talk about the matter."""

import pytest

from huiyin.domain.privacy import mask_name, mask_phone, mask_text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王**"),
        ("王明", "王*"),
        ("欧阳娜娜", "欧阳**"),
        ("王女士", "王女士"),
        ("北京光明物业有限公司", "北京****公司"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_surname(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("19900001234", "199****1234"), ("01065001234", "010****1234"), ("65001234", "****34"), ("12345", "12345")],
)
def test_a_number_keeps_what_tells_it_from_others(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请打19900001234联系", "请打199****1234联系"),
        ("电话 199-0000-1234。", "电话 199****1234。"),
        ("座机010-65001234", "座机010****1234"),
        ("身份证11010519491231002X", "身份证110***********2X"),
        ("卡号6222 0000 0000 0000 123", "卡号****"),
        ("车京A12345占道", "车车牌***占道"),
        ("微信号abc_12345", "微信号***"),
        ("信箱 a.b@example.com", "信箱 ***@***"),
        ("3号楼2单元501室漏水", "3号楼2单元***室漏水"),
        ("我叫王小明，住这里", "我叫王**，住这里"),
        ("楼道里的灯坏了3个月，2026年6月报修2次", "楼道里的灯坏了3个月，2026年6月报修2次"),
    ],
)
def test_free_words_tell_the_matter_but_not_the_person(text: str, shown: str) -> None:
    assert mask_text(text) == shown


def test_masking_twice_changes_nothing_more() -> None:
    once = mask_text("我叫王小明，电话19900001234，车牌京A12345，501室")

    assert mask_text(once) == once
