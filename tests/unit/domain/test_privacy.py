"""Masking: enough is hidden to tell nobody, enough stays to talk about the matter."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.domain.privacy import mask_address, mask_id_number, mask_name, mask_person, mask_phone, mask_text

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
PAPERS = st.from_regex(r"[1-9][0-9]{16}[0-9Xx]", fullmatch=True)
WORDS = st.text(alphabet="我的电话是号楼 ，。0123456789-abX打联系", max_size=20)
GAPS = st.sampled_from(["", " ", "-", ".", "·"])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王**"),
        ("王明", "王*"),
        ("欧阳娜娜", "欧阳**"),
        ("王小明先生", "王**先生"),
        ("欧阳女士", "欧阳女士"),
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
        ("身份证11010519491231002X", "身份证110*************2X"),
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


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("经与诉求人王建国联系核实", "王建国", "经与诉求人王**联系核实"),
        ("已联系王建国本人，王建国认可", "王建国", "已联系王**本人，王**认可"),
        ("已联系王 建国本人", "王建国", "已联系王**本人"),
        ("已联系王建国先生", "王建国先生", "已联系王**先生"),
        ("来电人是王建…", "王建国", "来电人是王*…"),
        ("已回复王先生和李女士", "王建国", "已回复王先生和李女士"),
        ("已回复王先生，王家园路已修复", "王先生", "已回复王先生，王家园路已修复"),
        ("已回复欧阳女士", "欧阳女士", "已回复欧阳女士"),
        ("北京光明物业有限公司要求补发", "北京光明物业有限公司", "北京****公司要求补发"),
        ("已联系tom smith", "Tom Smith", "已联系to****th"),
        ("该市民反映属实", "市民", "该市民反映属实"),
        ("王家园路已修复", "王", "王家园路已修复"),
        ("已现场核实", "", "已现场核实"),
        ("来电（王.*）", "王.*", "来电（王**）"),
    ],
)
def test_a_known_name_is_masked_wherever_it_stands(text: str, name: str, shown: str) -> None:
    assert mask_person(text, name) == shown


def test_masking_twice_changes_nothing_more() -> None:
    once = mask_text("我叫王小明，电话19900001234，车牌京A12345，501室")

    assert mask_text(once) == once


@given(before=WORDS, phone=MOBILES, after=WORDS)
def test_a_mobile_number_never_survives_in_words(before: str, phone: str, after: str) -> None:
    assert phone not in mask_text(before + phone + after)


@given(phone=MOBILES, first=GAPS, second=GAPS)
def test_a_mobile_number_written_with_gaps_does_not_survive(phone: str, first: str, second: str) -> None:
    masked = mask_text(f"请打{first.join([phone[:3], phone[3:7]])}{second}{phone[7:]}，谢谢")

    assert phone not in re.sub(r"\D", "", masked)


@given(before=WORDS, paper=PAPERS, after=WORDS)
def test_a_paper_number_never_survives_in_words(before: str, paper: str, after: str) -> None:
    assert paper not in mask_text(before + paper + after)


@given(paper=PAPERS)
def test_of_a_paper_number_only_the_province_and_the_end_are_shown(paper: str) -> None:
    shown = mask_id_number(paper)

    assert len(shown) == 18
    assert len(re.sub(r"\*", "", shown)) == 5


@given(phone=MOBILES)
def test_a_masked_number_does_not_contain_it(phone: str) -> None:
    assert phone not in mask_phone(phone)


@given(words=WORDS)
def test_masked_words_are_masked_already(words: str) -> None:
    once = mask_text(words)

    assert mask_text(once) == once


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("望京西园四区3号楼2单元501室", "望京西园四区*号楼*单元*室"),
        ("朝阳北路101号院7栋", "朝阳北路*号院*栋"),
        ("花家地小区3-2-501", "花家地小区*"),
        ("和平里五区三号楼", "和平里五区*号楼"),
        ("四季青桥东南角", "四季青桥东南角"),
        ("A座1203室", "*座*室"),
    ],
)
def test_an_address_keeps_its_place_but_not_its_door(address: str, shown: str) -> None:
    assert mask_address(address) == shown


def test_a_day_written_in_one_is_no_telephone() -> None:
    assert mask_text("20260601开始停水") == "20260601开始停水"
