"""The room's tables: periods, versions of their figures, results of units and cases, exclusions, appeals, signs."""

from huiyin.evaluation.models.appeal import Appeal
from huiyin.evaluation.models.exclusion import Exclusion, Recheck, RecheckDraw
from huiyin.evaluation.models.period import Period, Version
from huiyin.evaluation.models.result import CaseResult, UnitResult
from huiyin.evaluation.models.suspicion import Suspicion
from huiyin.evaluation.models.work import Work

__all__ = [
    "Appeal",
    "CaseResult",
    "Exclusion",
    "Period",
    "Recheck",
    "RecheckDraw",
    "Suspicion",
    "UnitResult",
    "Version",
    "Work",
]
