"""What a pack may still show: a case that became confidential after the pack was made is left out from then on.

Page and meeting leave it out; the files name it and stay closed until they are made anew. Charts draw only counts.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from huiyin.cases.models import Case
from huiyin.domain.errors import DomainError
from huiyin.packs import cases_behind, making, selectors
from huiyin.packs.contents import Contents
from huiyin.packs.models import Pack


class HoldsConfidential(DomainError):
    """材料中有案件已设为保密，请重新制作。"""

    code = "pack_holds_confidential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """`renewing`: the pack is being made anew, by this look or since an earlier one."""

    contents: Contents
    hidden: int
    renewing: bool

    def whole(self) -> Contents:
        """The contents, where nothing is hidden; HoldsConfidential else."""
        if self.hidden and self.renewing:
            raise HoldsConfidential("材料中有案件已设为保密，正在重新制作，请稍后再下载。")
        if self.hidden:
            raise HoldsConfidential
        return self.contents


def open_pack(pack: Pack, *, now: datetime) -> Shown:
    """One statement, whatever the number of cases. PackNotFound for a pack that has never been made.

    A pack that holds a confidential case is sent to be made anew, once: what fails then waits for a person.
    """
    contents = selectors.contents_of(pack)
    ids = {case.case_id for case in contents.cases}
    hidden = set(Case.objects.filter(pk__in=ids, confidential=True).values_list("pk", flat=True))
    if not hidden:
        return Shown(contents=contents, hidden=0, renewing=False)
    sections = tuple(cases_behind.without(section, hidden) for section in contents.sections)
    return Shown(
        contents=replace(contents, sections=sections),
        hidden=len(hidden),
        renewing=making.renew(pack, now=now) or pack.is_busy,
    )
