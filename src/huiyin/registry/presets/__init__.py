"""Loads a city's folder of CSV files: one of those shipped here by name, or any folder by path (docs/presets.md)."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone

from huiyin.registry.presets.checking import check
from huiyin.registry.presets.reading import PresetError, Problem, Reader
from huiyin.registry.presets.schema import Preset, read_preset
from huiyin.registry.presets.writing import Loaded, Writer

__all__ = ["Loaded", "PresetError", "Problem", "folder_of", "load", "read"]

_SHIPPED = Path(__file__).parent


def folder_of(name: str) -> Path:
    """The folder shipped under this name, else the folder at this path."""
    shipped = _SHIPPED / name
    folder = shipped if name.isidentifier() and shipped.is_dir() else Path(name)
    if not (folder / "preset.csv").is_file():
        raise PresetError([Problem(name, 0, "没有这个预置城市；请给出内置名称（beijing）或含 preset.csv 的文件夹")])
    return folder


def read(name: str) -> Preset:
    """All rows of the folder; raises PresetError with every fault, each with its file and line."""
    reader = Reader(folder_of(name))
    preset = read_preset(reader)
    if not reader.problems:
        check(preset, reader)
    if reader.problems:
        raise PresetError(reader.problems)
    return preset


def load(name: str) -> Loaded:
    """Bring the database to the preset, all or nothing; a second load changes nothing."""
    preset = read(name)
    with transaction.atomic():
        return Writer(preset, timezone.now()).write()
