"""Broken rules: each has a stable code; its message is Chinese and says what to do."""


class DomainError(Exception):
    """操作不符合办理规则。"""

    code = "rule_broken"

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        self.message = message or (self.__doc__ or "").strip()
        self.field = field
        super().__init__(self.message)


class InvalidData(DomainError):
    """填写的内容有误，请按提示修改。"""

    code = "invalid_data"

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("；".join(errors.values()), field=next(iter(errors), None))


class ActionNotAllowed(DomainError):
    """案件当前状态不能做这项操作，请刷新后查看可做的操作。"""

    code = "action_not_allowed"


class NotPermitted(DomainError):
    """您的岗位无权对此案件做这项操作。"""

    code = "not_permitted"


class CaseMoved(DomainError):
    """此案件刚刚已被他人处理，请查看最新情况后再操作。"""

    code = "case_moved"


class AlreadyReturned(DomainError):
    """本单位对此案件的退单已经裁决，不能再次退单，请继续办理。"""

    code = "already_returned"


class ReturnWindowClosed(DomainError):
    """已超过退单时限，请继续办理；确属派错的请联系派单员更正。"""

    code = "return_window_closed"


class UnitAlreadyRefused(DomainError):
    """该单位已就此案件退单并获准，不能再派回该单位，请另选单位。"""

    code = "unit_already_refused"


class AlreadyExtended(DomainError):
    """此案件已申请过延期，每件只能延期一次。"""

    code = "already_extended"


class TooLate(DomainError):
    """已超过办理时限，不能再申请延期，请尽快办理并反馈。"""

    code = "too_late"


class FeedbackMissing(DomainError):
    """须先向诉求人反馈（方式、时间）并向热线反馈（结果、依据），缺一不可。"""

    code = "feedback_missing"


class CannotMerge(DomainError):
    """不能并入该案件：目标须是另一件尚未办结的案件。"""

    code = "cannot_merge"


class AlreadyJudged(DomainError):
    """诉求人已作出评价，不能再作废、并单或更正诉求类型，请继续办理。"""

    code = "already_judged"


class ReworkExhausted(DomainError):
    """此案件已重办过，不能再次重办，请办结并督办。"""

    code = "rework_exhausted"


class EventsOutOfOrder(DomainError):
    """案件记录的时间早于上一条记录。"""

    code = "events_out_of_order"
