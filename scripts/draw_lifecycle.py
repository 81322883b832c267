"""Draws docs/lifecycle.md anew from the table of actions."""

from pathlib import Path

from huiyin.domain.diagram import refreshed

DOCUMENT = Path(__file__).resolve().parent.parent / "docs/lifecycle.md"

DOCUMENT.write_text(refreshed(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
