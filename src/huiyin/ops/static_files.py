"""Collects the pages' assets with hashed, compressed names when they have changed since the last start."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from huiyin import __version__


def collect() -> None:
    if settings.DEBUG:
        return
    root = Path(settings.STATIC_ROOT)
    stamp, current = root / ".collected", _fingerprint()
    if stamp.is_file() and stamp.read_text() == current:
        return
    root.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(current)


def _fingerprint() -> str:
    """Name, size and age of every source file: cheap, and changes with any edit or upgrade."""
    digest = hashlib.sha256(__version__.encode())
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
