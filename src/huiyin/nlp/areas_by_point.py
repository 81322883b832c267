"""Which area a point lies in, by polygons where a city has any; as exact as the outlines are, no more."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shapely import Point, STRtree
from shapely.geometry import shape


class Outlines:
    """The outlines of a GeoJSON file, each with its area's code; read-only after it is built.

    Beijing's are district outlines on a grid of about 100 m whose datum is not stated: a point near a border
    may fall on the wrong side, so what is found here narrows a search and is never by itself an answer.
    """

    def __init__(self, collection: Mapping[str, Any]) -> None:
        features: Sequence[Mapping[str, Any]] = collection["features"]
        self._codes = [str(feature["properties"]["code"]) for feature in features]
        self._tree = STRtree([shape(feature["geometry"]) for feature in features])

    def area_at(self, *, lon: float, lat: float) -> str:
        """The code of the area that holds the point; empty outside of all, the first by code on a border."""
        found = self._tree.query(Point(lon, lat), predicate="intersects")
        return min((self._codes[number] for number in found), default="")


def read_outlines(path: Path) -> Outlines:
    return Outlines(json.loads(path.read_text(encoding="utf-8")))
