"""What a citizen can do about an open matter: add to it, urge once a day, judge what was done."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from huiyin.callbacks import second_answers
from huiyin.callbacks.models import SecondAnswer
from huiyin.callbacks.vocabulary import Way
from huiyin.cases import desk, journal
from huiyin.cases.models import Case, CaseEvent
from huiyin.domain.actions import Action
from huiyin.domain.errors import ActionNotAllowed
from huiyin.domain.vocabulary import ActorKind
from huiyin.portal import limits, submissions
from huiyin.portal.access import citizen_of

URGE_AGAIN_AFTER = timedelta(days=1)
_CAME_LATE = "提交时回访已结束"


def supplement(case: Case, *, note: str, files: list[int], token: str, now: datetime) -> Case:
    """补充诉求; the same form sent twice is one supplement."""

    def work() -> Case:
        limits.spend(limits.ADDING, str(case.pk), now)
        data = {"note": note, "files": files}
        return desk.act(case.pk, Action.SUPPLEMENT, actor=citizen_of(case), data=data, now=now)

    return submissions.once(token=token, said=f"{case.pk}\n{note}", now=now, work=work)


def urge(case: Case, *, now: datetime) -> Case:
    """催办, at most once a day from the citizen's page; two taps at once are one."""
    with transaction.atomic():
        Case.objects.select_for_update().only("pk").get(pk=case.pk)
        if urged_lately(journal.of_case(case.pk), now):
            raise ActionNotAllowed("您今天已经催办过，承办单位已经收到提醒。一天之后还可以再催办。")
        return desk.act(case.pk, Action.URGE, actor=citizen_of(case), data={}, now=now)


def judge(case: Case, *, answers: Mapping[str, object], now: datetime) -> Case:
    """The citizen's own judgement, by the same action as the callback desk's."""
    return desk.act(case.pk, Action.RECORD_CALLBACK, actor=citizen_of(case), data=answers, now=now)


def judge_again(case: Case, *, answers: Mapping[str, object], reason: str, now: datetime) -> SecondAnswer:
    """A further judgement after the first: kept beside it for the hotline."""
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        return second_answers.keep(locked, way=Way.PAGE, answers=answers, reason=reason, now=now)


def judge_late(case: Case, *, answers: Mapping[str, object], now: datetime) -> None:
    """A first judgement that came when somebody else had ended the callback; the same form sent twice is one."""
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        said = second_answers.checked(locked, answers)
        same = SecondAnswer.objects.filter(
            case=locked,
            round=locked.round,
            reason=_CAME_LATE,
            contacted=said["contacted"],
            solved=said["solved"],
            satisfaction=said["satisfaction"],
            attitude=said["attitude"] or "",
            words=said["remark"] or "",
        )
        if not same.exists():
            second_answers.keep(locked, way=Way.PAGE, answers=answers, reason=_CAME_LATE, now=now)


def urged_lately(events: Sequence[CaseEvent], now: datetime) -> bool:
    """Whether the citizen has urged here within the last day; the hotline's own urging does not count."""
    return any(
        event.action == Action.URGE and event.actor_kind == ActorKind.CITIZEN and now - event.at < URGE_AGAIN_AFTER
        for event in events
    )
