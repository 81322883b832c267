"""The room's tables: sketches by which same cases are found, matters that join them, pairs apart, their history."""

from huiyin.matching.models.matter import Apart, Entry, Matter, Member
from huiyin.matching.models.sketch import Progress, Sketch

__all__ = ["Apart", "Entry", "Matter", "Member", "Progress", "Sketch"]
