"""约谈: proposed by the rule or by a leader, held with minutes and promises, closed or dropped."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from huiyin.accounts.viewer import Viewer
from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.categories import Category, talk_list
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.evaluation import figuring, periods, selectors
from huiyin.evaluation.models import UnitResult, Version
from huiyin.evaluation.vocabulary import Group
from huiyin.governance import access, telling, wording
from huiyin.governance.models import Talk
from huiyin.governance.vocabulary import TalkState

_NO_LINE = "请选择参加考评的区、街道（乡镇）、市级部门或企业"
_LEAST = 4


class TalkMoved(DomainError):
    """这次约谈刚刚已由他人登记，请刷新查看。"""

    code = "talk_moved"


class TalkWaits(DomainError):
    """这个单位已有一次待举行的约谈。"""

    code = "talk_waits"


def propose_newest(now: datetime) -> list[Talk]:
    """Whom the rule names by the newest published period; nobody where nothing was published."""
    published = selectors.published()
    return propose(published[0], now=now) if published else []


@transaction.atomic
def propose(version: Version, *, now: datetime) -> list[Talk]:
    """Whom the rule of the version's scheme names, once a period, a revision of it included; safe to run again.

    Gives the talks that are new or that took one more reason: a unit whose talk still waits gets no second one.
    """
    named = named_by_rule(version)
    known = Talk.objects.select_for_update().filter(by_rule=True, period=version.period)
    told = {(Group(one.group), one.unit_id) for one in known}
    waiting = {
        (Group(one.group), one.unit_id): one
        for one in Talk.objects.select_for_update().filter(state=str(TalkState.PROPOSED))
    }
    found = []
    for (group, unit_id), reason in named.items():
        if (group, unit_id) in told:
            continue
        talk = waiting.get((group, unit_id)) or Talk(group=group, unit_id=unit_id, proposed_at=now)
        talk.period, talk.version, talk.by_rule = version.period, version, True
        words = f"{version.period.label}：{reason}"
        talk.reason = f"{talk.reason}；{words}" if talk.reason else words
        talk.save()
        found.append(talk)
        telling.tell_heads(talk, f"本单位被列入约谈：{words}", now=now)
    return found


def named_by_rule(version: Version) -> dict[tuple[Group, int], str]:
    """Units and reasons: from the published months up to this one, as far back as the rule looks without a gap."""
    rule = periods.rules_of(version.scheme_edition_id).talk
    order = [version.pk]
    begins_at = version.period.begins_at
    for one in selectors.published():
        if one.period.ends_at == begins_at:
            order.append(one.pk)
            begins_at = one.period.begins_at
    on_it: dict[tuple[Group, int], set[int]] = {}
    order = order[: max(rule.window, rule.in_a_row)]
    rows = UnitResult.objects.filter(version__in=order, categories__contains=[str(Category.RECTIFY)])
    for group, unit_id, version_id in rows.values_list("group", "unit_id", "version_id"):
        on_it.setdefault((Group(group), unit_id), set()).add(version_id)
    keys = {f"{group}/{unit_id}": (group, unit_id) for group, unit_id in on_it}
    histories = {name: [one in on_it[key] for one in order] for name, key in keys.items()}
    return {keys[name]: reason for name, reason in sorted(talk_list(histories, rule).items())}


def list_of(unit_id: int) -> Group:
    """The list that the unit stands on; InvalidData of `unit_id` where it stands on none."""
    for group, line in figuring.lines():
        if line == unit_id:
            return group
    raise InvalidData({"unit_id": _NO_LINE})


@transaction.atomic
def call(group: Group, unit_id: int, *, reason: str, by: Viewer, now: datetime) -> Talk:
    """A leader calls a unit of one of the four lists to a talk, whatever the rule says; no talk without its notice."""
    access.require_decider(by)
    if (group, unit_id) not in figuring.lines():
        raise InvalidData({"unit_id": _NO_LINE})
    words = wording.reason(reason)
    newest = next(iter(selectors.published()), None)
    try:
        with transaction.atomic():
            talk = Talk.objects.create(
                group=group,
                unit_id=unit_id,
                period=newest.period if newest else None,
                version=newest,
                reason=words,
                by_rule=False,
                proposed_by=by.name,
                proposed_at=now,
            )
    except IntegrityError as exc:
        raise TalkWaits from exc
    telling.tell_heads(talk, f"本单位被列入约谈：{words}", now=now)
    return talk


@transaction.atomic
def hold(
    talk_id: int, *, on: date | None, minutes: str, promises: str, until: date | None, by: Viewer, now: datetime
) -> Talk:
    """已约谈: when, what was said, what was promised by when."""
    found = _locked(talk_id, TalkState.PROPOSED, by)
    early = on is None or on > now.astimezone(CITY_ZONE).date()
    before = until is None or (on is not None and not early and until < on)
    wrong = {
        "on": "请填写已经举行的约谈日期" if early else "",
        "minutes": wording.fault(minutes, least=0, most=wording.LONGEST, what="约谈纪要"),
        "promises": wording.fault(promises, least=_LEAST, most=wording.LONGEST, what="整改承诺"),
        "until": "请填写承诺完成的日期，不早于约谈日期" if before else "",
    }
    if errors := {name: words for name, words in wrong.items() if words}:
        raise InvalidData(errors)
    found.state, found.held_on, found.held_by = TalkState.HELD, on, by.name
    found.minutes, found.promises, found.promised_until = wording.clean(minutes), wording.clean(promises), until
    found.save()
    telling.tell_heads(found, f"约谈已登记，整改承诺须在 {until} 前落实：{found.promises}", now=now)
    return found


@transaction.atomic
def close(talk_id: int, *, kept: bool, outcome: str, by: Viewer, now: datetime) -> Talk:
    """了结: whether the promises were kept, and what shows it."""
    found = _locked(talk_id, TalkState.HELD, by)
    found.kept = kept
    return _ended(found, TalkState.CLOSED, wording.reason(outcome, "outcome"), by, now)


@transaction.atomic
def drop(talk_id: int, *, reason: str, by: Viewer, now: datetime) -> Talk:
    """不再约谈: the rule only proposes; who decides against it says why."""
    return _ended(_locked(talk_id, TalkState.PROPOSED, by), TalkState.DROPPED, wording.reason(reason), by, now)


def _locked(talk_id: int, state: TalkState, by: Viewer) -> Talk:
    access.require_decider(by)
    found = Talk.objects.select_for_update().get(pk=talk_id)
    if found.state != state:
        raise TalkMoved
    return found


def _ended(talk: Talk, state: TalkState, words: str, by: Viewer, now: datetime) -> Talk:
    talk.state, talk.outcome, talk.ended_by, talk.ended_at = state, words, by.name, now
    talk.save()
    telling.tell_heads(talk, f"约谈情况：{state.label}，{words}", now=now)
    return talk
