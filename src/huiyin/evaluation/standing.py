"""How one case counts: in which period's figures, on which answer, and what its unit may still ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.accounts.viewer import Viewer
from huiyin.cases.models import Case
from huiyin.domain import exclusions as rules
from huiyin.domain.entering import Why
from huiyin.domain.errors import DomainError
from huiyin.domain.exclusions import Ruling
from huiyin.domain.vocabulary import Satisfaction
from huiyin.evaluation import appeals, selectors
from huiyin.evaluation.exclusions import UNIT_ROLES, was_asked
from huiyin.evaluation.models import Appeal, CaseResult, Exclusion, Version
from huiyin.evaluation.vocabulary import Basis, Stage
from huiyin.registry import directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """In one version: `words` says all of it, `superseded` that a later version of the period took its place."""

    version: Version
    unit: str
    words: str
    superseded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    counted: Sequence[Counted]
    exclusions: Sequence[Exclusion]
    appeal: Appeal | None
    may_apply: bool
    appeal_until: datetime | None  # the viewer's unit may appeal up to then

    @property
    def is_empty(self) -> bool:
        return not (self.counted or self.exclusions or self.appeal or self.may_apply or self.appeal_until)


def of_case(case: Case, *, viewer: Viewer, now: datetime) -> Standing:
    """Six statements at most. Versions that the viewer may not see yet are left out."""
    results = CaseResult.objects.filter(case_id=case.pk).select_related("version__period").order_by("-version_id")
    seen = [one for one in results if selectors.may_see(viewer, one.version)]
    latest: dict[int, int] = {}
    for one in seen:
        if one.version.stage == Stage.PUBLISHED:
            latest[one.version.period_id] = max(latest.get(one.version.period_id, 0), one.version.number)
    asked = list(Exclusion.objects.filter(case_id=case.pk).order_by("-id"))
    appeal = Appeal.objects.filter(case_id=case.pk).first()
    own = viewer.has(*UNIT_ROLES) and case.lead_unit_id == viewer.unit_id
    return Standing(
        counted=[_counted(one, latest) for one in seen],
        exclusions=asked,
        appeal=appeal,
        may_apply=own and _may_apply(case, asked),
        appeal_until=_until(case, now) if own and appeal is None else None,
    )


def words_of(result: CaseResult) -> str:
    """“计入三率（上期结转）：已联系，未解决，不满意；以申诉后复访的结果为准”."""
    said = Why(result.why).label + ("（上期结转）" if result.carried else "")
    if result.satisfaction:
        solved = {True: "已解决", False: "未解决", None: ""}[result.solved]
        answers = ("已联系" if result.contacted else "未联系", solved, Satisfaction(result.satisfaction).label)
        said += "：" + "，".join(word for word in answers if word)
    return f"{said}；以复访结果为准" if result.basis == Basis.APPEAL else said


def _counted(result: CaseResult, latest: dict[int, int]) -> Counted:
    unit = directory.find_unit(result.unit_id) if result.unit_id else None
    version = result.version
    return Counted(
        version=version,
        unit=unit.short_name if unit else "",
        words=words_of(result),
        superseded=version.stage == Stage.PUBLISHED and version.number < latest[version.period_id],
    )


def _may_apply(case: Case, asked: Sequence[Exclusion]) -> bool:
    try:
        rules.check_application(judged=was_asked(case), before=[Ruling(one.ruling) for one in asked])
    except DomainError:
        return False
    return True


def _until(case: Case, now: datetime) -> datetime | None:
    answer = appeals.answer_of(case) if case.callback_valid else None
    until = appeals.until_when(answer) if answer else None
    return until if until is not None and now <= until else None
