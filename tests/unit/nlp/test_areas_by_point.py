"""A point falls in the district whose outline holds it, and in none beyond the city."""

from importlib.resources import files
from pathlib import Path

import pytest

from huiyin.nlp.areas_by_point import Outlines, read_outlines


@pytest.fixture(scope="module")
def beijing() -> Outlines:
    return read_outlines(Path(str(files("huiyin.registry") / "presets/beijing/districts.geojson")))


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (116.397, 39.917, "110101"),  # the palace museum
        (116.588, 40.079, "110105"),  # the capital airport, an exclave of Chaoyang
        (116.326, 40.003, "110108"),  # Tsinghua
        (116.657, 39.909, "110112"),  # Tongzhou
        (115.975, 40.457, "110119"),  # Yanqing
    ],
)
def test_a_known_place_lies_in_its_district(beijing: Outlines, lon: float, lat: float, code: str) -> None:
    assert beijing.area_at(lon=lon, lat=lat) == code


def test_a_point_outside_the_city_lies_nowhere(beijing: Outlines) -> None:
    assert beijing.area_at(lon=121.47, lat=31.23) == ""
