"""Makes what units write about a case of the demo city and what the citizen says when called back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from random import Random

from huiyin.ops.demo.phrasebook import Filling, Phrasebook
from huiyin.ops.demo.places import PlaceWords

_BEIJING = timezone(timedelta(hours=8))

_TO_CITIZEN = (
    "您好，您反映的“{title}”一事，我单位高度重视。{when}{result}。感谢您的理解与支持。",
    "您好，关于您反映的问题，{when}我单位工作人员到{spot}查看，{result}。如有疑问请随时联系承办人。",
    "尊敬的市民，您的诉求已办理：{result}。感谢您对我们工作的监督。",
    "您好，您的来电已收悉。经现场核实，{result}。后续我们会继续跟进。",
)
_TO_HOTLINE = (
    "一、基本情况：诉求人反映“{title}”，地点位于{spot}。二、办理情况：{when}{unit}派员现场核查，{result}。三、反馈情况：已电话告知诉求人。",
    "经{unit}核查，{result}。{when}已与诉求人取得联系并反馈办理结果，现场照片附后。",
    "{when}{unit}到{spot}处理，{result}。已将结果当面反馈诉求人，诉求人知晓。",
    "办理结果：{result}。承办单位：{unit}。联系时间：{when}联系方式：电话。附佐证材料。",
)


class Outcome(StrEnum):
    SOLVED = "solved"
    EXPLAINED = "explained"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedReply:
    """Both feedbacks of a case: what the citizen is told and what the hotline gets."""

    citizen: str
    hotline: str


def make_reply(
    *,
    rng: Random,
    leaf_code: str,
    unit: str,
    title: str,
    place: PlaceWords,
    at: datetime,
    phrasebook: Phrasebook,
    outcome: Outcome = Outcome.SOLVED,
) -> GeneratedReply:
    """办结答复 of a unit, written at that moment."""
    local = at.astimezone(_BEIJING)
    filling = Filling(rng, place, local)
    pool = phrasebook.replies[leaf_code[:4]] if outcome is Outcome.SOLVED else phrasebook.notes[outcome.value]
    words = {
        "title": title,
        "unit": unit,
        "spot": filling.value("address"),
        "when": f"{local.month}月{local.day}日，",
        "result": filling.fill(pool[int(rng.random() * len(pool))]),
    }
    return GeneratedReply(
        citizen=_one(rng, _TO_CITIZEN).format(**words), hotline=_one(rng, _TO_HOTLINE).format(**words)
    )


def make_note(*, rng: Random, kind: str, place: PlaceWords, at: datetime, phrasebook: Phrasebook) -> str:
    """A remark of notes.csv: contact, contact_failed, return, extension, suspension, urge, supplement, …"""
    pool = phrasebook.notes[kind]
    return Filling(rng, place, at.astimezone(_BEIJING)).fill(pool[int(rng.random() * len(pool))])


def make_contact_note(
    *, rng: Random, place: PlaceWords, at: datetime, phrasebook: Phrasebook, reached: bool = True
) -> str:
    return make_note(
        rng=rng, kind="contact" if reached else "contact_failed", place=place, at=at, phrasebook=phrasebook
    )


def make_return_reason(*, rng: Random, place: PlaceWords, at: datetime, phrasebook: Phrasebook) -> str:
    return make_note(rng=rng, kind="return", place=place, at=at, phrasebook=phrasebook)


def make_extension_reason(*, rng: Random, place: PlaceWords, at: datetime, phrasebook: Phrasebook) -> str:
    return make_note(rng=rng, kind="extension", place=place, at=at, phrasebook=phrasebook)


def _one(rng: Random, values: Sequence[str]) -> str:
    return values[int(rng.random() * len(values))]
