"""The room's tables: packs, the batches that they were asked for in, and who took one away."""

from huiyin.packs.models.pack import Form, Look, Pack, PackBatch, State

__all__ = ["Form", "Look", "Pack", "PackBatch", "State"]
