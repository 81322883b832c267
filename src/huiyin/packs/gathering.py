"""Puts a pack's contents together: eight messages about one unit in one published period, in the order of a meeting."""

from datetime import timedelta

from huiyin.domain.calendar import CITY_ZONE
from huiyin.evaluation.vocabulary import Group
from huiyin.packs import by_class, by_unit, cases_behind, deciding, figures
from huiyin.packs.contents import Contents, Section
from huiyin.packs.ground import Ground
from huiyin.packs.subject import Subject, subject_of

_FINGERPRINT = 12


def gather(ground: Ground, group: Group, unit_id: int) -> Contents:
    """Two statements: the cases that are told, and their units' replies. NoSuchLine for a unit without a result."""
    subject = subject_of(ground, group, unit_id)
    version, period = ground.version, ground.version.period
    lost = by_class.points_lost(subject)
    sections: list[Section] = [
        figures.official(subject),
        figures.trend(subject),
        by_unit.ranking(subject),
        by_unit.below(subject),
        by_class.worst(subject, lost),
        by_class.rising(subject),
        cases_behind.told(subject),
        deciding.decisions(subject, lost),
    ]
    first, last = period.begins_at.astimezone(CITY_ZONE), (period.ends_at - timedelta(seconds=1)).astimezone(CITY_ZONE)
    published = version.published_at.astimezone(CITY_ZONE) if version.published_at else None
    return Contents(
        group=str(group),
        unit_id=unit_id,
        unit_name=subject.name,
        period_code=period.code,
        period_label=period.label,
        version_number=version.number,
        version_id=version.pk,
        title=f"{subject.name}接诉即办点评会材料",
        subtitle=f"{period.label}（{first:%m月%d日}至{last:%m月%d日}）",
        as_of=f"第{version.number}版成绩" + (f"，{published:%Y年%m月%d日}发布" if published else ""),
        fingerprint=version.digest[:_FINGERPRINT],
        sections=tuple(sections),
        caveats=_caveats(subject),
    )


def _caveats(subject: Subject) -> tuple[str, ...]:
    read = subject.ground.read_at.astimezone(CITY_ZONE)
    return (
        "成绩、名次和件数取自已发布的考核结果；变化是两期所示数字之差。",
        f"超时限、二次办理、督办件数为{read:%Y年%m月%d日%H:%M}的情况，不属于已发布的成绩。",
        "典型案件不含保密件，个人信息已隐去。",
    )
