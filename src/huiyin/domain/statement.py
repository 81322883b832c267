"""What a citizen states when a matter comes in: who speaks, what is said, where; checked before registering."""

import re

from huiyin.domain.errors import InvalidData
from huiyin.domain.fields import Field, FieldKind, Values
from huiyin.domain.vocabulary import RequesterKind

STATEMENT = (
    Field(name="title", kind=FieldKind.TEXT, label="标题", required=False, max_length=100, help="不填则取内容的开头"),
    Field(name="content", kind=FieldKind.LONG_TEXT, label="诉求内容", min_length=4, max_length=10_000),
    Field(name="requester_name", kind=FieldKind.TEXT, label="诉求人姓名", required=False, max_length=60),
    Field(name="phone", kind=FieldKind.TEXT, label="联系电话", required=False, max_length=30),
    Field(
        name="requester_kind",
        kind=FieldKind.CHOICE,
        label="诉求人类别",
        choices=RequesterKind,
        required=False,
    ),
    Field(name="anonymous", kind=FieldKind.YES_NO, label="对承办单位隐去身份", required=False),
    Field(name="origin_line", kind=FieldKind.TEXT, label="来源热线", required=False, max_length=40),
    Field(name="files", kind=FieldKind.FILES, label="附件", required=False),
)

_TITLE_LENGTH = 40
_SENTENCE_END = re.compile(r"[。！？!?\n；;]")
_NOT_A_DIGIT = re.compile(r"[\s\-－—()（）+＋]")
_PHONE = re.compile(r"1\d{10}|0\d{9,11}|[48]00\d{7}|\d{5}|\d{7,8}")
_OWN_PHONE = re.compile(r"1\d{10}|0\d{9,11}")


def title_of(content: str) -> str:
    """A title where none was given: the first sentence, cut to a length that fits a list."""
    first = _SENTENCE_END.split(content.strip(), maxsplit=1)[0].strip() or content.strip()
    return first if len(first) <= _TITLE_LENGTH else first[: _TITLE_LENGTH - 1] + "…"


def normalise_phone(text: str) -> str:
    """Digits of a mobile, landline or service number, without country code; InvalidData if it is none of these."""
    digits = _NOT_A_DIGIT.sub("", text.translate(_FULL_WIDTH))
    digits = re.sub(r"^(?:00)?86(?=1\d{10}$|0?10\d{8}$)", "", digits)
    if not _PHONE.fullmatch(digits):
        raise InvalidData({"phone": "联系电话格式不对：请填11位手机号，或带区号的固定电话"})
    return digits


def needs_own_phone(text: str) -> None:
    """A number that reaches a person from anywhere; InvalidData for service numbers and those without area code."""
    if not _OWN_PHONE.fullmatch(normalise_phone(text)):
        raise InvalidData({"phone": "请填11位手机号，或带区号的固定电话，否则承办单位无法与您联系"})


def needs_phone(values: Values, *, callback_possible: bool) -> None:
    """Without a number nobody can be answered; only channels with another way back may leave it out."""
    if not values["phone"] and not callback_possible:
        raise InvalidData({"phone": "请填写联系电话，以便办理后答复和回访"})


_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
