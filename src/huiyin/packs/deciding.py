"""What the meeting is asked to decide: proposals that follow from the figures, each with the figure it follows from."""

from collections.abc import Iterable
from fractions import Fraction

from huiyin.domain.categories import Category
from huiyin.evaluation.vocabulary import Group
from huiyin.packs import by_unit, digits
from huiyin.packs.by_class import Lost, excluded_share
from huiyin.packs.contents import Section
from huiyin.packs.subject import Subject

_NAMED = 2


def decisions(subject: Subject, lost: list[Lost]) -> Section:
    items = tuple(_items(subject, lost))
    return Section(
        code="decisions",
        heading="建议会议议定的事项",
        message=f"{len(items)}项，供会议讨论" if items else "没有须由会议议定的事项",
        items=items,
    )


def _items(subject: Subject, lost: list[Lost]) -> Iterable[str]:
    costly = [one for one in lost if one.points > 0][:_NAMED]
    if costly:
        named = "、".join(f"{one.name}（失{digits.points(one.points)}分）" for one in costly)
        yield f"明确{named}的牵头单位、措施和完成时限，下期会议通报进展。"
    if subject.group is Group.DISTRICT and (streets := by_unit.worst_streets(subject)):
        yield f"请{'、'.join(streets)}说明原因和改进安排。"
    if Category.RECTIFY in subject.result.categories:
        yield "本期列入整改类：确定整改方案和包联领导。"
    if Category.GOVERNED in subject.result.categories:
        yield "诉求量居前列：研究治理类街道（乡镇）的治理计划和力量配备。"
    yield from _handling(subject)
    if subject.result.alike and subject.result.rank is not None:
        yield "本期与多个单位无法区分先后：单凭这一名次不宜表彰或问责，请结合走势判断。"


def _handling(subject: Subject) -> Iterable[str]:
    beside = subject.beside
    heavy = [(label, count) for label, count in (("二次办理", beside.again), ("督办", beside.supervised)) if count]
    if heavy:
        named = "、".join(f"{label}{digits.whole(count)}件" for label, count in heavy)
        yield f"对{named}逐件确定责任人和办结日期。"
    if beside.late:
        yield f"对超时限的{digits.whole(beside.late)}件查明环节，限期答复。"
    share = excluded_share(subject)
    if share is not None and share > Fraction(subject.ground.rules.review.exclusion_alarm_share):
        yield f"剔除占比{digits.rate(share)}，高于警戒线：请复核剔除理由和凭证。"
