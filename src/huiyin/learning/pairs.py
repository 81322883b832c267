"""Which pairs of characters training has seen: half a megabyte of bits that says how strange new texts are."""

from collections.abc import Iterable

import numpy as np

_BITS = 1 << 22
_READ = 2_000  # characters of a text
_SPREAD = 0x9E3779B1


def seen_in(texts: Iterable[str]) -> bytes:
    table = np.zeros(_BITS, dtype=bool)
    for text in texts:
        table[_places(text)] = True
    return np.packbits(table).tobytes()


def unknown_share(texts: Iterable[str], seen: bytes) -> float | None:
    """Of all pairs in the texts, the share that training never saw; None where there is nothing to read."""
    table = np.unpackbits(np.frombuffer(seen, dtype=np.uint8)).astype(bool)
    total = unknown = 0
    for text in texts:
        places = _places(text)
        total += len(places)
        unknown += int((~table[places]).sum())
    return unknown / total if total else None


def _places(text: str) -> np.ndarray:
    signs = np.frombuffer(text[:_READ].encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(signs) < 2:
        return np.zeros(0, dtype=np.int64)
    return ((signs[:-1] * _SPREAD + signs[1:] * 0x85EBCA6B) % _BITS).astype(np.int64)
