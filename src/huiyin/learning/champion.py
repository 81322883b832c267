"""The model in use, as this process holds it: read once, swapped without a restart when another is promoted.

`current()` costs a look at one row every few seconds and nothing between. Another version is loaded beside the old one
in a thread, so nobody waits for it; bytes that differ from their sha256 are refused and the old one goes on.
"""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from huiyin.domain.errors import DomainError
from huiyin.learning import bundle, storing
from huiyin.learning.models import ModelState, ModelVersion
from huiyin.learning.unit_calibration import UnitCalibration
from huiyin.nlp.classes import ClassModel

log = logging.getLogger(__name__)

CHECK_EVERY_SECONDS: Final = 5.0
_TRY_AGAIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What the machine has learned: the classes, and how far its confidence in a unit may be trusted."""

    classes: ClassModel
    units: UnitCalibration | None  # None: too few decided cases yet
    pairs: bytes  # pairs of characters that training saw (learning.pairs)
    version: int
    promoted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    number: int
    stored_as: str
    sha256: str
    promoted_at: datetime | None
    calibration: Mapping[str, Any]
    calibrated_at: datetime | None


_lock = threading.Lock()
_held: Understanding | None = None
_row: _Row | None = None
_looked_at = float("-inf")
_failed: tuple[str, float] = ("", 0.0)


def current() -> Understanding | None:
    """None where the city has no model yet: the words of the taxonomy propose alone."""
    global _looked_at
    moment = time.monotonic()
    if moment - _looked_at >= CHECK_EVERY_SECONDS:
        _looked_at = moment
        _follow(_read())
    return _held


def warm() -> None:
    """Holds the model in use before it returns: for the start of a process, and before its own words are judged."""
    global _looked_at
    _looked_at = time.monotonic()
    wanted = _read()
    if wanted is not None and _row is not None and wanted.sha256 != _row.sha256:
        _load(wanted)
    else:
        _follow(wanted)


def look_again() -> None:
    """This process sees a change at once, others within seconds."""
    global _looked_at
    _looked_at = float("-inf")


def forget() -> None:
    """For tests, whose database is replaced beneath the process."""
    global _held, _row, _failed
    look_again()
    _held, _row, _failed = None, None, ("", 0.0)


def _read() -> _Row | None:
    found = ModelVersion.objects.filter(kind="class", state=ModelState.CHAMPION).values(*_Row.__slots__).first()
    return _Row(**found) if found else None


def _follow(wanted: _Row | None) -> None:
    global _held, _row
    held, row = _held, _row
    if wanted is None or wanted == row:
        if wanted is None:
            _held, _row = None, None
        return
    if held is not None and row is not None and wanted.sha256 == row.sha256:
        _held, _row = _over(held, wanted), wanted
    elif held is None:
        _load(wanted)
    else:
        threading.Thread(target=_load, args=(wanted,), name="model", daemon=True).start()


def _load(wanted: _Row) -> None:
    """One thread at a time; the others go on with what is held."""
    global _held, _row, _failed
    if _failed[0] == wanted.sha256 and time.monotonic() - _failed[1] < _TRY_AGAIN_SECONDS:
        return
    if not _lock.acquire(blocking=False):
        return
    try:
        parts = bundle.unpack(storing.fetch(wanted.stored_as, sha256=wanted.sha256))
        made = Understanding(
            classes=ClassModel.from_bytes(parts["classes.npz"]),
            units=UnitCalibration.from_json(wanted.calibration),
            pairs=parts["pairs"],
            version=wanted.number,
            promoted_at=wanted.promoted_at,
        )
        _held, _row = made, wanted
        log.info("model %s in use", wanted.number)
    except (DomainError, ValueError, KeyError) as refused:
        _failed = (wanted.sha256, time.monotonic())
        log.error("model %s refused: %s", wanted.number, refused)
    finally:
        _lock.release()


def _over(held: Understanding, wanted: _Row) -> Understanding:
    return replace(
        held,
        units=UnitCalibration.from_json(wanted.calibration),
        version=wanted.number,
        promoted_at=wanted.promoted_at,
    )
