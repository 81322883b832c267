"""What the clients do, one function a bench: each call is one measured unit of work over HTTP."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from huiyin.domain.calendar import CITY_ZONE
from huiyin.ops.bench.client import Answer, Client
from huiyin.ops.bench.ground import Ground

TEXTS = (
    "小区楼道里的灯坏了三个月了，晚上老人上下楼很危险，物业一直不修",
    "垃圾桶满了三天没人清，味道太大，天气热蚊虫特别多",
    "楼上住户夜里两点还在装修，吵得孩子没法睡觉，已经持续半个月",
    "小区门口的路坑坑洼洼，下雨积水，骑车摔了好几个人",
    "物业费涨价没有公示，也没有征求业主意见，收费不透明",
)


class Failed(Exception):
    """An answer that was not the one expected."""


@dataclass(frozen=True, slots=True)
class Sample:
    statements: int  # that the server ran, as it says itself; over several requests their sum


Work = Callable[[Client, Ground, random.Random, int], Sample]


def create(client: Client, ground: Ground, rng: random.Random, number: int) -> Sample:
    """Registers one case of which only the words are known: class, type, place, grade and unit are proposed."""
    return _statements(_post(client, ground, "/api/v1/cases", _only_words(rng, number), expected=201))


def lifecycle(client: Client, ground: Ground, rng: random.Random, number: int) -> Sample:
    """A whole life: register (dispatched by the machine or by hand), sign, contact, reply, callback, close."""
    answers = [_post(client, ground, "/api/v1/cases", _matter(rng, number), expected=201)]
    case_no = answers[0].json()["case_no"]

    def act(action: str, *, by_unit: bool = False, **data: object) -> None:
        address = f"/api/v1/cases/{case_no}/actions/{action}"
        answers.append(_post(client, ground, address, data, expected=200, by_unit=by_unit))

    if answers[0].json()["status"] == "received":
        act("dispatch", unit_id=ground.unit_id)
    act("sign", by_unit=True)
    act("note_contact", by_unit=True, means="phone", reached=True, note="已电话联系诉求人")
    told_at = datetime.now(tz=CITY_ZONE)
    result = "已到现场核实并处理完毕，诉求人现场确认。"
    told = {"outcome": "solved", "means": "phone", "told_at": told_at.isoformat()}
    act("reply", by_unit=True, **told, result=result, evidence="现场照片")
    act("start_callback")
    act("record_callback", reached=True, contacted=True, solved=True, satisfaction="satisfied")
    return Sample(sum(_statements(answer).statements for answer in answers))


def inbox(client: Client, ground: Ground, rng: random.Random, number: int) -> Sample:
    """A unit's desk: 50 rows by what is due first, with a filter every other time."""
    query = "?tab=all" + ("&grade=normal" if number % 2 else "")
    return _statements(_page(client, ground, f"/cases/desk/{query}", "handler"))


def board(client: Client, ground: Ground, rng: random.Random, number: int) -> Sample:
    """The leaders' overview of the whole city."""
    return _statements(_page(client, ground, "/cases/overview/", "leader"))


def search(client: Client, ground: Ground, rng: random.Random, number: int) -> Sample:
    """A page of the case search, whole city, open cases."""
    return _statements(_page(client, ground, "/cases/?status=open", "leader"))


def first_page(client: Client, ground: Ground, rng: random.Random, number: int) -> Sample:
    """Page 1 of all cases of the city, newest first: what `deep_page` is compared with."""
    return _statements(_page(client, ground, "/cases/?status=all", "leader"))


def deep_page(client: Client, ground: Ground, rng: random.Random, number: int) -> Sample:
    """Page 1,000 of the same list."""
    if not ground.deep_cursor:
        raise Failed("the city has no page 1,000: give --rows 50050 or more")
    return _statements(_page(client, ground, f"/cases/?status=all&cursor={ground.deep_cursor}", "leader"))


def live(client: Client, ground: Ground, rng: random.Random, number: int) -> Sample:
    """What an open desk asks every few seconds."""
    return _statements(_page(client, ground, "/cases/live/", "handler"))


WORKS: dict[str, Work] = {
    "create": create,
    "lifecycle": lifecycle,
    "inbox": inbox,
    "board": board,
    "search": search,
    "first_page": first_page,
    "deep_page": deep_page,
    "live": live,
}


def _matter(rng: random.Random, number: int) -> dict[str, object]:
    return {
        "content": f"{rng.choice(TEXTS)}（第{number}次反映）",
        "phone": f"154{rng.randrange(10**8):08d}",
        "requester_name": "测试",
        "channel": "api",
        "class_code": "010101",
        "request_type": "complaint",
        "street_code": "110105026",
        "address": f"{rng.randrange(1, 40)}号楼",
    }


def _only_words(rng: random.Random, number: int) -> dict[str, object]:
    return {
        "content": f"望京西园四区{rng.randrange(1, 40)}号楼{rng.choice(TEXTS)}（第{number}次反映）",
        "phone": f"154{rng.randrange(10**8):08d}",
        "channel": "api",
    }


def _post(client: Client, ground: Ground, path: str, body: object, *, expected: int, by_unit: bool = False) -> Answer:
    answer = client.post(path, body, token=ground.unit_token if by_unit else ground.token)
    if answer.status != expected:
        raise Failed(f"{path}: {answer.status} {answer.body.decode()[:300]}")
    return answer


def _page(client: Client, ground: Ground, path: str, account: str) -> Answer:
    answer = client.get(path, session=ground.sessions[account])
    if answer.status not in (200, 204):
        raise Failed(f"{path}: {answer.status}")
    return answer


def _statements(answer: Answer) -> Sample:
    return Sample(int(answer.headers.get("Huiyin-Statements", "0")))
