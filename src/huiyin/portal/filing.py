"""Files a citizen's matter: the form's words into the one register, with the spot they stood on, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.cases.models import Case
from huiyin.domain.case import Actor
from huiyin.domain.statement import needs_own_phone, needs_phone
from huiyin.domain.vocabulary import ActorKind
from huiyin.intake import entry
from huiyin.intake.registering import register_matter
from huiyin.portal import submissions

_LONGEST_ADDRESS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where the phone was, if its owner wanted to tell: five digits are a metre, more would be pretence."""

    longitude: float
    latitude: float

    @classmethod
    def read(cls, longitude: str, latitude: str) -> "Position | None":
        try:
            lon, lat = float(longitude), float(latitude)
        except ValueError:
            return None
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # also what is no number at all
            return None
        return cls(longitude=round(lon, 5), latitude=round(lat, 5))


def file_matter(*, said: Mapping[str, Any], token: str, position: Position | None, now: datetime) -> Case:
    """`said` are the form's values. Raises InvalidData with a message for every wrong field."""
    needs_phone({"phone": said["phone"].strip()}, callback_possible=False)
    needs_own_phone(said["phone"])
    data = {
        "content": said["content"],
        "phone": said["phone"],
        "requester_name": said["requester_name"],
        "anonymous": said["anonymous"],
        "confidential": said["confidential"],
        "channel": said["channel"],
        "address": address_of(said["place_text"], said["address"]),
        "files": said["files"],
        **entry.areas_of(said["place"]),
    }

    def work() -> Case:
        spot = (position.longitude, position.latitude) if position else None
        return register_matter(actor=Actor(kind=ActorKind.CITIZEN), data=data, now=now, position=spot)

    return submissions.once(token=token, said=f"{said['phone']}\n{said['content']}", now=now, work=work)


def address_of(place: str, detail: str) -> str:
    """The chosen place and the door in one line: 望京西园四区 + 3号楼, without saying the same twice."""
    place, detail = place.strip(), detail.strip()
    if not place or place in detail:
        return detail[:_LONGEST_ADDRESS]
    return f"{place}{detail}"[:_LONGEST_ADDRESS]
