"""Masks what tells who a citizen is: names, numbers, and both inside free words; the one place that does so."""

import re
from collections.abc import Callable

_ORGANISATION = 5  # so many characters and more are no person's name
_TITLES = ("先生", "女士", "小姐", "同志", "老师", "师傅", "大爷", "大妈", "阿姨")
_COMPOUND_SURNAMES = re.compile(
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|端木|长孙|宇文|独孤|南宫|申屠|轩辕|闻人"
)

_NOBODY = frozenset({"匿名", "市民", "居民", "村民", "群众", "业主", "住户", "租户", "用户"})  # written for a name
_NAME = 2  # so many characters and more; what is shorter is a surname, of whom there are thousands


def mask_name(name: str) -> str:
    """王小明 → 王**, 欧阳娜 → 欧阳*, 王女士 stays, 王小明女士 → 王**女士, 北京某某物业公司 → 北京****公司."""
    text = name.strip()
    title = next((one for one in _TITLES if text.endswith(one)), "")
    if title:
        return _titled(text.removesuffix(title), title)
    if not text:
        return text
    if len(text) >= _ORGANISATION:
        return f"{text[:2]}****{text[-2:]}"
    kept = 2 if len(text) > 2 and _COMPOUND_SURNAMES.match(text) else 1
    return text[:kept] + "*" * max(1, len(text) - kept)


def _titled(name: str, title: str) -> str:
    """A surname, or none, tells nobody; more of a name does."""
    surname = len(name) < 2 or (len(name) == 2 and _COMPOUND_SURNAMES.match(name))
    return f"{name}{title}" if surname else f"{mask_name(name)}{title}"


def mask_phone(phone: str) -> str:
    """19900001234 → 199****1234, 01065001234 → 010****1234; of short numbers the last two digits stay."""
    digits = phone.strip()
    if len(digits) >= 10:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) > 5 else digits


def mask_id_number(number: str) -> str:
    """11010519491231002X → 110*************2X; the length stays, so that people see which kind of paper it is."""
    text = number.strip()
    if len(text) < 8:
        return "*" * len(text)
    return text[:3] + "*" * (len(text) - 5) + text[-2:]


def mask_address(address: str) -> str:
    """望京西园四区3号楼2单元501室 → 望京西园四区*号楼*单元*室: the place stays, the door does not."""
    return _DOORS.sub("*", address.strip())


def mask_person(text: str, name: str) -> str:
    """已联系王建国本人 → 已联系王**本人, where his name is 王建国: for free words about somebody whose name is known.

    王先生 stays, as it does alone; so do words that were written down where nobody gave a name.
    """
    called = _without_title("".join(name.split()))
    if len(called) < _NAME or called in _NOBODY or _COMPOUND_SURNAMES.fullmatch(called):
        return text
    spelled = [r"\s*".join(map(re.escape, called[:length])) for length in range(len(called), _NAME - 1, -1)]
    whole, *cut = spelled
    pattern = "|".join([whole, *(f"{part}(?=…)" for part in cut)])  # a title may have been cut within the name
    return re.sub(pattern, lambda match: mask_name("".join(match[0].split())), text, flags=re.IGNORECASE)


def mask_text(text: str) -> str:
    """Free words without numbers of people, papers, cards, cars and doors, and without names said as such."""
    for pattern, masked in _IN_TEXT:
        text = pattern.sub(masked, text)
    return text


def _without_title(name: str) -> str:
    return next((name.removesuffix(title) for title in _TITLES if name.endswith(title)), name)


def _digits(match: re.Match[str]) -> str:
    plain = re.sub(r"\D", "", match[0])
    return mask_phone(plain)


def _paper(match: re.Match[str]) -> str:
    return mask_id_number(match[0])


def _run(match: re.Match[str]) -> str:
    return f"{match[0][:3]}****{match[0][-2:]}"


def _named(match: re.Match[str]) -> str:
    return match[1] + mask_name(match[2])


_DOORS = re.compile(
    r"\d+(?:[-－—#]\d+)+(?:室|号|户)?"
    r"|[\dA-Za-z一二三四五六七八九十百零〇]+(?=号楼|号院|号|栋|幢|座|单元|门|层|楼|室|户)"
    r"|(?<=[单元楼层])\d{2,4}(?!\d)"
)

# The longest numbers come first: a paper's number holds what looks like a telephone's.
_IN_TEXT: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), _paper),
    (re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)"), "****"),
    (re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[ .·-]?[3-9](?:[ .·-]?\d){9}(?!\d)"), _digits),
    (re.compile(r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)"), _digits),
    # A day written in one (20260601) is no telephone.
    (re.compile(r"(?<!\d)(?!20[0-3]\d(?:0[1-9]|1[0-2])[0-3]\d(?!\d))[2-8]\d{7}(?!\d)"), _digits),
    # A number typed without a gap to its neighbours hides in a longer run.
    (re.compile(r"\d{11,}"), _run),
    (re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), "***@***"),
    (re.compile(r"(?i)(微信号?|QQ号?|qq|wx)([:：是为 ]{0,2})[A-Za-z0-9_-]{5,20}"), r"\1\2***"),
    (
        re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·・ ]?[A-Z0-9]{5,6}"),
        "车牌***",
    ),
    (re.compile(r"(?<![\dA-Za-z])\d{1,4}(?=室)"), "***"),
    (
        re.compile(
            r"(我叫|名叫|姓名[:：是为]?|联系人[:：是为]?|诉求人[:：])([一-龥]{2,4})(?=[，,。；;、\s]|电话|手机|$)"
        ),
        _named,
    ),
)
