"""剔除 and appeals (申诉): who may ask, who decides after whom, until when (DOMAIN.md §2.7, §3.4).

A ruling goes applicant → district → hotline, three people; where no district stands above the unit, applicant →
hotline. A granted one can be taken back by the re-check of a fourth.
"""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from huiyin.domain.calendar import WorkCalendar
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.fields import UNSTORABLE
from huiyin.domain.vocabulary import Term


class ExclusionKind(Term):
    EXCLUSION = "exclusion", "剔除"
    VOLUME_EXEMPT = "volume_exempt", "不计入诉求总量"


class Ruling(Term):
    """Where an application stands."""

    APPLIED = "applied", "待区级预审"
    PREVIEWED = "previewed", "待热线审核"
    GRANTED = "granted", "已同意"
    DENIED = "denied", "未同意"
    REVOKED = "revoked", "复核后撤销"


WAITING = frozenset({Ruling.APPLIED, Ruling.PREVIEWED})
_MOST_APPLICATIONS = 2  # a second time with new grounds; then it is settled
_LEAST_REASON = 4
_MOST_REASON = 400
_MOST_OF = {"grounds": 2000}  # what an applicant writes is longer than what a reviewer does


class AlreadyAsked(DomainError):
    """此案件已有申请在审核中或已同意，不能重复申请。"""

    code = "already_asked"


class CallbackDone(DomainError):
    """回访已有结果，不能再申请剔除；对回访结果有异议的，请在时限内申诉。"""

    code = "callback_done"


class NotOthers(DomainError):
    """审核人不能是申请人，也不能是前一环节的审核人。"""

    code = "not_others"


class AlreadyRuled(DomainError):
    """这件申请刚刚已由他人审核，请刷新查看。"""

    code = "already_ruled"


class DrawTooEarly(DomainError):
    """考核期尚未结束，结束后才能抽取复核件。"""

    code = "draw_too_early"


class NothingToDraw(DomainError):
    """没有新同意的剔除可以抽取：本期已同意的都已参加过抽取。"""

    code = "nothing_to_draw"


class AppealTooLate(DomainError):
    """已超过申诉时限。"""

    code = "appeal_too_late"


class NothingToAppeal(DomainError):
    """此案件还没有有效的回访结果，无可申诉。"""

    code = "nothing_to_appeal"


class AskedAgain(DomainError):
    """申诉之后此案件已再次回访，以后一次的结果为准，不能再按复访结果改判；请按不成立办结并说明。"""

    code = "asked_again"


def check_application(*, judged: bool, before: Collection[Ruling]) -> None:
    """`before`: rulings of earlier applications for the case."""
    if judged:
        raise CallbackDone
    if any(ruling in WAITING or ruling is Ruling.GRANTED for ruling in before):
        raise AlreadyAsked
    if len(before) >= _MOST_APPLICATIONS:
        raise AlreadyAsked(f"此案件已申请 {len(before)} 次均未同意，不能再申请。")


def first_ruling(*, has_district: bool) -> Ruling:
    return Ruling.APPLIED if has_district else Ruling.PREVIEWED


def check_reviewer(reviewer: int, earlier: Collection[int | None]) -> None:
    """No one reviews what he asked for or looked at before."""
    if reviewer in earlier:
        raise NotOthers


def previewed(ruling: Ruling, *, supports: bool) -> Ruling:
    """The district's word: without its support the application ends here."""
    if ruling is not Ruling.APPLIED:
        raise AlreadyRuled
    return Ruling.PREVIEWED if supports else Ruling.DENIED


def ruled(ruling: Ruling, *, grant: bool) -> Ruling:
    if ruling is not Ruling.PREVIEWED:
        raise AlreadyRuled
    return Ruling.GRANTED if grant else Ruling.DENIED


def rechecked(ruling: Ruling, *, upheld: bool) -> Ruling:
    if ruling is not Ruling.GRANTED:
        raise AlreadyRuled
    return Ruling.GRANTED if upheld else Ruling.REVOKED


def reason_given(text: str, field: str = "reason", *, most: int | None = None) -> str:
    """Every verdict says why, in words that others can follow."""
    words = words_of(text, field, most=most or _MOST_OF.get(field, _MOST_REASON))
    if len(words) < _LEAST_REASON:
        raise InvalidData({field: f"请写明理由，至少 {_LEAST_REASON} 个字"})
    return words


def check_standing(*, asked_since: bool) -> None:
    """An appeal is upheld only while the answer that it is about is the citizen's last."""
    if asked_since:
        raise AskedAgain


def words_of(text: str, field: str, *, most: int = _MOST_REASON) -> str:
    """As they can be stored. A browser sends two signs for the end of a line and counts one, so here it is one."""
    words = text.replace("\r\n", "\n").strip()
    if UNSTORABLE.search(words):
        raise InvalidData({field: "含有不能保存的字符，请删去后重新提交"})
    if len(words) > most:
        raise InvalidData({field: f"不超过 {most} 个字，现为 {len(words)} 个字"})
    return words


def share_left_out(*, volume: int, excluded: int, exempt: int) -> Decimal:
    """What a unit had left out, 剔除 and 不计入 alike, of all that would have entered; the alarm is held against it."""
    out = excluded + exempt
    return Decimal(out) / Decimal(volume + out) if out else Decimal(0)


def appeal_until(judged_at: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """End of the time in which a unit may appeal against an answer."""
    return calendar.add_working_days(judged_at, days)


def check_draw(*, now: datetime, period_ends_at: datetime, fresh: int) -> None:
    """`fresh`: granted and never in a draw. Drawn early, whoever draws would know which later ones nobody looks at."""
    if now < period_ends_at:
        raise DrawTooEarly
    if not fresh:
        raise NothingToDraw


def sample_size(total: int, share: float) -> int:
    """How many of `total` are looked at again: the share, rounded up, at least one of any."""
    return min(total, -int(-total * share // 1)) if total else 0
