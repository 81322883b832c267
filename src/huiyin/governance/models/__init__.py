"""Tables of governed streets, their measures, residents, and talks."""

from huiyin.governance.models.street import GovernedStreet, Measure, Residents, Step
from huiyin.governance.models.talk import Talk

__all__ = ["GovernedStreet", "Measure", "Residents", "Step", "Talk"]
