"""Reads one setting from the environment, strictly: a value that cannot be right stops the start and is named."""

import base64
import binascii
import contextlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

PREFIX = "HUIYIN_"
_known: set[str] = set()


def text(name: str, default: str = "") -> str:
    return _read(name) or default


def required(name: str, *, because: str) -> str:
    value = _read(name)
    if not value:
        raise _refusal(name, f"must be set because {because}")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    value = _read(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise _refusal(name, "must be 1 or 0")


def integer(name: str, default: int, *, low: int, high: int) -> int:
    value = _read(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise _refusal(name, f"must be a whole number from {low} to {high}")
    return int(value)


def one_of(name: str, default: str, *, among: tuple[str, ...]) -> str:
    value = _read(name).lower() or default
    if value not in among:
        raise _refusal(name, f"must be one of {', '.join(among)}")
    return value


def listing(name: str, default: Iterable[str] = ()) -> list[str]:
    """Comma-separated words."""
    return [part.strip() for part in _read(name).split(",") if part.strip()] or list(default)


def folder(name: str, default: Path) -> Path:
    """A folder's absolute path; it is made, private to its owner, if it is not there."""
    path = Path(_read(name) or default).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as exc:
        raise _refusal(name, f"the folder cannot be made: {exc.strerror}") from exc
    return path


def web_address(name: str, default: str) -> str:
    value = _read(name) or default
    if not value.startswith(("http://", "https://")):
        raise _refusal(name, "must start with http:// or https://")
    return value.rstrip("/")


def secret(name: str, *, keep_in: Path) -> str:
    """A secret text; without one in the environment it is drawn once and kept in a file only its owner can read."""
    return _read(name) or _kept(keep_in, secrets.token_urlsafe(48))


def key(name: str, *, length: int, keep_in: Path) -> bytes:
    """A binary key in base64; drawn and kept like `secret`."""
    return _binary(name, _read(name) or _kept(keep_in, base64.b64encode(secrets.token_bytes(length)).decode()), length)


def keys(name: str, *, length: int) -> tuple[bytes, ...]:
    """Comma-separated binary keys in base64; none is fine."""
    return tuple(_binary(name, value, length) for value in listing(name))


def unknown() -> list[str]:
    """Variables with our prefix that nothing has asked for: most likely misspelt."""
    ours = (name for name in os.environ if name.startswith(PREFIX))
    return sorted(name for name in ours if name not in _known and not name.startswith(f"{PREFIX}TEST_"))


def known() -> list[str]:
    return sorted(_known)


def _read(name: str) -> str:
    _known.add(name)
    return os.environ.get(name, "").strip()


def _binary(name: str, value: str, length: int) -> bytes:
    try:
        raw = base64.b64decode(value, validate=True)
    except binascii.Error as exc:
        raise _refusal(name, "must be base64") from exc
    if len(raw) != length:
        raise _refusal(name, f"must be {length} bytes in base64, not {len(raw)}")
    return raw


def _kept(path: Path, drawn: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        # Written aside and linked: of two processes that start at once one wins, and both read the same secret.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(drawn)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def _refusal(name: str, reason: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} {reason} (see docs/settings.md)")
