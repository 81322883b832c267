"""Writes down who opened or took away a pack, and so the cases that it tells of."""

from datetime import datetime

from huiyin.accounts import reveals
from huiyin.accounts.viewer import Viewer
from huiyin.packs.contents import Contents
from huiyin.packs.models import Form, Look, Pack


def record(
    pack: Pack, contents: Contents, *, viewer: Viewer, form: Form, ip: str | None, now: datetime, ahead: bool = False
) -> None:
    """`ahead`: only loaded in case that the meeting turns to it; the pack is noted, its cases are not yet looked at."""
    Look.objects.create(pack=pack, form=str(form), staff_id=viewer.staff_id, unit_id=viewer.unit_id, at=now, ip=ip)
    for case in () if ahead else contents.cases:
        reveals.record_look(case_id=case.case_id, viewer=viewer, page=f"点评会材料·{form.label}", ip=ip, at=now)
