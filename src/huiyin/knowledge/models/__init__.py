"""What the hotline may answer, in versions; what was asked in vain; what was used."""

from huiyin.knowledge.models.entry import Entry, EntryVersion, Revision, State
from huiyin.knowledge.models.gap import Gap
from huiyin.knowledge.models.meaning import Meaning
from huiyin.knowledge.models.use import Use, UseKind

__all__ = ["Entry", "EntryVersion", "Gap", "Meaning", "Revision", "State", "Use", "UseKind"]
