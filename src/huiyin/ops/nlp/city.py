"""A city to measure in: the registry of a preset in a scratch database that is thrown away afterwards."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def scratch_city(preset: str) -> Iterator[None]:
    """Django runs on an empty database that knows the preset's units, areas, classes and catalogue; a few seconds."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-measure-"))
    for name in [name for name in os.environ if name.startswith("HUIYIN_")]:
        del os.environ[name]
    os.environ |= {"HUIYIN_DATA_DIR": str(folder), "HUIYIN_DEMO": "1", "HUIYIN_LOG_LEVEL": "WARNING"}
    try:
        from huiyin.ops.manage import set_up_django

        set_up_django()
        from django.core.management import call_command

        from huiyin.registry import presets

        call_command("migrate", interactive=False, verbosity=0)
        presets.load(preset)
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)
