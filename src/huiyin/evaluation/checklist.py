"""What a reviewer looks at before a period is frozen: shares that stand out, applications that nobody has decided."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from huiyin.domain.exclusions import share_left_out
from huiyin.evaluation import periods
from huiyin.evaluation.models import Appeal, CaseResult, Exclusion, Suspicion, UnitResult, Version
from huiyin.evaluation.vocabulary import Group, Ruling

_LABELS = {
    "volume": "诉求量",
    "valid": "有效回访",
    "contacted": "已联系",
    "solved": "已解决",
    "satisfied": "满意",
    "basically_satisfied": "基本满意",
    "suggestions": "建议",
    "carried": "上期结转",
    "excluded": "剔除",
    "suspended": "挂账",
    "exempt": "不计入总量",
    "not_asked": "尚未回访",
    "invalid": "回访无效",
    "score": "综合成绩",
    "rank": "名次",
    "band": "分档",
    "categories": "名单",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    label: str
    value: str
    well: bool
    hint: str = ""


def label_of(name: str) -> str:
    return _LABELS.get(name, name)


def of(version: Version) -> Sequence[Check]:
    """Streets are within the districts' lines: the sums leave them out. Nothing here stops a freeze, people decide."""
    names = ("volume", "valid", "excluded", "not_asked", "invalid", "carried")
    results = UnitResult.objects.filter(version=version).exclude(group=str(Group.STREET))
    sums = {name: value or 0 for name, value in results.aggregate(**{name: Sum(name) for name in names}).items()}
    cases = CaseResult.objects.filter(version=version)
    waiting = Exclusion.objects.filter(
        ruling__in=[str(Ruling.APPLIED), str(Ruling.PREVIEWED)], case_id__in=cases.values("case_id")
    ).count()
    appeals = Appeal.objects.filter(upheld__isnull=True, case_id__in=cases.values("case_id")).count()
    alarm = periods.rules_of(version.scheme_edition_id).review.exclusion_alarm_share
    over = [
        one.unit_id
        for one in UnitResult.objects.filter(version=version)
        if share_left_out(volume=one.volume, excluded=one.excluded, exempt=one.exempt) > alarm
    ]
    unseen = Suspicion.objects.filter(version=version, flagged=True, confirmed__isnull=True).count()
    return (
        Check(label="进入本期的案件", value=f"{version.case_count}", well=version.case_count > 0),
        Check(label="有效回访", value=_share(sums["valid"], sums["volume"] + sums["carried"]), well=True),
        Check(
            label="尚未回访（下期结转）",
            value=_share(sums["not_asked"], sums["volume"]),
            well=sums["not_asked"] <= sums["volume"] / 2,
            hint="期末临近受理的案件还在办理时限内，属正常；过半时请先检查回访进度",
        ),
        Check(
            label="回访无效",
            value=_share(sums["invalid"], sums["volume"]),
            well=sums["invalid"] <= sums["volume"] / 5,
            hint="三次未接通；过多时解决率、满意率的代表性不足",
        ),
        Check(label="待裁决的剔除申请", value=str(waiting), well=not waiting, hint="未裁决的按不剔除计算"),
        Check(label="待裁决的申诉", value=str(appeals), well=not appeals, hint="未裁决的按原回访结果计算"),
        Check(
            label=f"剔除（含不计入总量）占比超过 {alarm:%} 的单位",
            value=str(len(over)),
            well=not over,
            hint="请在剔除公示中逐一核对",
        ),
        Check(
            label="疑似刷分待核查的单位",
            value=str(unseen),
            well=not unseen,
            hint="仅供人工核查，不影响任何分数",
        ),
    )


def _share(part: int, whole: int) -> str:
    return f"{part}（{part / whole:.1%}）" if whole else f"{part}"
