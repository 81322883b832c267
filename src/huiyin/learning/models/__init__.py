"""The tables of learning: what people decided, what came of proposals, models, the switch, the drift."""

from huiyin.learning.models.labels import Kind, LabelledCase, Source
from huiyin.learning.models.outcomes import ConfidenceDay, Outcome, OutcomeDay, Progress
from huiyin.learning.models.versions import FrozenTest, ModelState, ModelVersion
from huiyin.learning.models.watching import DriftWeek, SwitchMove

__all__ = [
    "ConfidenceDay",
    "DriftWeek",
    "FrozenTest",
    "Kind",
    "LabelledCase",
    "ModelState",
    "ModelVersion",
    "Outcome",
    "OutcomeDay",
    "Progress",
    "Source",
    "SwitchMove",
]
