"""The room's tables."""

from huiyin.accounts.models.looks import AccessLog, RevealLog
from huiyin.accounts.models.staff import Post, Staff, StaffChange

__all__ = ["AccessLog", "Post", "RevealLog", "Staff", "StaffChange"]
