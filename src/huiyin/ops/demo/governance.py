"""What the demo city does after each published period: streets are governed, plan and report, units are talked to.

Everything goes through the room's own services at the time of that period, so every verdict is that of its month.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from huiyin.accounts.models import Staff
from huiyin.accounts.viewer import Viewer, read_viewer
from huiyin.domain.vocabulary import UnitKind
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import GROUP_OF
from huiyin.governance import facts, governing, planning, residents, selectors, talking
from huiyin.governance.models import GovernedStreet, Measure, Residents, Talk
from huiyin.governance.vocabulary import Move, Stage, TalkState
from huiyin.registry import directory

_SEED = 22
_SOURCE = "演示用样例数据，不代表真实情况"
_RESIDENTS_OF_A_COMMUNITY = 3100  # made up: the number of communities is real, that of their residents is not
_MOST = 5  # streets that come in at once
_PROJECTS = (
    ("老旧小区供暖管线改造", "街道城管办 刘主任", 20),
    ("电动自行车充电设施补建", "街道平安办 周主任", 75),
    ("背街小巷停车秩序治理", "街道城管办 刘主任", 160),
)
_PLAN = (
    "高频诉求集中在供暖、停车和物业服务。逐个小区建台账，街道、物业、产权单位每周一次联席会议，"
    "社区书记包片，区级部门按月到场；每期公布进展，听取居民代表意见。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Actors:
    evaluator: Viewer
    leader: Viewer
    head: Viewer  # of the street that the demo has an account for
    department: Viewer

    def head_of(self, unit_id: int) -> Viewer:
        """The demo has accounts for a few units only; the others' heads act without one."""
        if unit_id == self.head.unit_id:
            return self.head
        unit = directory.unit(unit_id)
        return replace(
            self.head,
            staff_id=-2,
            name=f"{unit.short_name}负责人",
            unit_id=unit.id,
            unit_name=unit.name,
            district_id=unit.district_id,
            unit_ids=directory.subtree_unit_ids(unit.id),
        )


def follow(version: Version, *, at: datetime, now: datetime) -> None:
    """In the days after `version` was published `at`, as far as they have come."""

    def after(days: int) -> datetime:
        return min(at + timedelta(days=days), now)

    actors = _actors()
    _count_residents(at)
    if not GovernedStreet.objects.exists():
        _call(actors, called=after(1), held=after(3))
        _begin(actors, entered=after(2), planned=after(4))
    else:
        _go_on(actors, after(3))
    _talk(actors, talking.propose(version, now=at), after(4))


def _begin(actors: _Actors, *, entered: datetime, planned: datetime) -> None:
    """The streets that the rule names first, and the one whose head can sign in."""
    named = [one.unit_id for one in selectors.named(facts.read_city()) if one.move is Move.ENTER][:_MOST]
    own = [actors.head.unit_id] if actors.head.unit_kind is UnitKind.STREET and actors.head.unit_id else []
    for unit_id in dict.fromkeys([*own, *named]):
        street = governing.enter(
            unit_id, reason="群众诉求集中，需市级统筹、区级包联治理。", by=actors.evaluator, now=entered
        )
        _plan(street, actors.head_of(unit_id), planned)


def _plan(street: GovernedStreet, head: Viewer, now: datetime) -> None:
    month = selectors.months_of(street.unit_id, facts.read_city())[0]
    goal = planning.Plan(
        text=_PLAN, resolution=_above(month.resolution), satisfaction=_above(month.satisfaction), volume=""
    )
    planning.plan(street.pk, replace(goal, volume=str(max(1, month.volume * 9 // 10))), by=head, now=now)
    for title, owner, days in _PROJECTS:
        due = (now + timedelta(days=days)).date()
        planning.add_measure(street.pk, title=title, owner=owner, due=due, by=head, now=now)


def _go_on(actors: _Actors, now: datetime) -> None:
    """A month later: progress, a project done here and late there, and the last street leaves for observation."""
    streets = list(GovernedStreet.objects.filter(stage=str(Stage.GOVERNED)).order_by("id"))
    for at, street in enumerate(streets):
        head = actors.head_of(street.unit_id)
        governing.note(street.pk, words="联席会议已召开四次，台账问题销账过半，供暖管线进场施工。", by=head, now=now)
        first = Measure.objects.filter(street=street, done_at=None, dropped_at=None).first()
        if at % 2 == 0 and first is not None:
            planning.finish_measure(
                first.pk, evidence="已竣工验收，见验收单；回访 30 户均表示恢复供暖。", by=head, now=now
            )
    if len(streets) > 1 and not GovernedStreet.objects.filter(stage=str(Stage.OBSERVED)).exists():
        reason = "并入区级专项治理，市级转入观察；规则尚不符合，观察期内反弹的重新纳入。"
        governing.decide(streets[-1].pk, Move.EXIT, reason=reason, by=actors.leader, now=now)


def _call(actors: _Actors, *, called: datetime, held: datetime) -> None:
    """A leader calls two units whose heads can sign in; their promises end before the history does, or soon after."""
    for viewer, days in ((actors.head, 25), (actors.department, 40)):
        if viewer.unit_id is None or viewer.unit_kind not in GROUP_OF:
            continue
        talk = talking.call(
            GROUP_OF[viewer.unit_kind],
            viewer.unit_id,
            reason="群众反映集中的问题连续两月未见好转，提请约谈。",
            by=actors.leader,
            now=called,
        )
        _hold(talk, actors, held, days=days)


def _talk(actors: _Actors, proposed: list[Talk], now: datetime) -> None:
    """One of those that the rule named was held, the others wait; what a department promised was kept."""
    for talk in [one for one in proposed if one.unit_id != actors.head.unit_id][:1]:
        _hold(talk, actors, now, days=45)
    due = Talk.objects.filter(state=str(TalkState.HELD), unit_id=actors.department.unit_id, proposed_at__lt=now)
    for talk in due.exclude(promised_until__gt=now + timedelta(days=20)):
        outcome = "承诺的三条线路已调整，回访乘客满意。"
        talking.close(talk.pk, kept=True, outcome=outcome, by=actors.evaluator, now=now)


def _hold(talk: Talk, actors: _Actors, now: datetime, *, days: int) -> None:
    talking.hold(
        talk.pk,
        on=now.date(),
        minutes="通报近两期三率和失分案件，分析原因；单位主要负责人到会说明情况。",
        promises="主要负责人每周调度未解决件，两个月内解决率提高五个百分点。",
        until=(now + timedelta(days=days)).date(),
        by=actors.evaluator,
        now=now,
    )


def _count_residents(now: datetime) -> None:
    """Of this year and the last, once; marked as made up in their source."""
    if Residents.objects.exists():
        return
    dice = Random(_SEED)
    lines = []
    for area in directory.streets():
        unit = directory.street_unit(area.id)
        if unit is None:
            continue
        count = max(1, len(directory.communities(area.id))) * _RESIDENTS_OF_A_COMMUNITY + dice.randrange(2000)
        for year, change in ((now.year - 1, 1.0), (now.year, dice.gauss(1.0, 0.01))):
            lines.append(residents.Line(unit=unit, year=year, count=round(count * change), source=_SOURCE))
    residents.write_as(lines, name="演示城市", now=now)


def _actors() -> _Actors:
    staff = {one.username: one for one in Staff.objects.filter(username__in=_ACCOUNTS)}
    evaluator, leader, head, department = (read_viewer(staff[name]) for name in _ACCOUNTS)
    return _Actors(evaluator=evaluator, leader=leader, head=head, department=department)


_ACCOUNTS = ("kaoping", "lingdao", "jiezhang", "weiban")


def _above(rate: object) -> str:
    """Two points above what it is, at most 98."""
    return "" if rate is None else f"{min(98.0, float(str(rate)) + 2):.1f}"
