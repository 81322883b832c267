"""What the console keeps beside the cases: unfinished entries, and how long finished ones took."""

from huiyin.intake.models.draft import Draft
from huiyin.intake.models.filing import Filing

__all__ = ["Draft", "Filing"]
