"""The words of the field as enums, each with its Chinese label (DOMAIN.md §10); all other names come from here."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A code word stored in the database together with the Chinese word that people see."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(str(term.value), term.label) for term in cls]


class Grade(Term):
    """分级: how urgent a case is; the order of the members is the order of urgency."""

    CRITICAL = "critical", "特急"
    URGENT = "urgent", "紧急"
    NORMAL = "normal", "一般"
    COMPLEX = "complex", "疑难"


class RequestType(Term):
    CONSULTATION = "consultation", "咨询"
    HELP = "help", "求助"
    COMPLAINT = "complaint", "投诉"
    REPORT = "report", "举报"
    SUGGESTION = "suggestion", "建议"
    PRAISE = "praise", "表扬"
    OTHER = "other", "其他"


class Channel(Term):
    PHONE = "phone", "电话"
    WEB = "web", "网页"
    WECHAT = "wechat", "微信"
    APP = "app", "手机应用"
    SMS = "sms", "短信"
    EMAIL = "email", "邮件"
    API = "api", "接口"
    FILE = "file", "批量导入"
    VISIT = "visit", "走访"


class RequesterKind(Term):
    PERSON = "person", "自然人"
    LEGAL_PERSON = "legal_person", "法人"
    OTHER_ORG = "other_org", "其他组织"


class Status(Term):
    RECEIVED = "received", "待派单"
    DISPATCHED = "dispatched", "待签收"
    SIGNED = "signed", "已签收"
    HANDLING = "handling", "办理中"
    RETURN_REQUESTED = "return_requested", "退单待裁决"
    SUSPENDED = "suspended", "挂账"
    REPLIED = "replied", "已反馈"
    CALLBACK_PENDING = "callback_pending", "待回访"
    CALLED_BACK = "called_back", "已回访待处理"
    CLOSED = "closed", "已办结"
    MERGED = "merged", "已并单"
    CANCELLED = "cancelled", "已作废"


OPEN_STATUSES = frozenset(Status) - {Status.CLOSED, Status.MERGED, Status.CANCELLED}
WITH_UNIT = frozenset({Status.DISPATCHED, Status.SIGNED, Status.HANDLING, Status.RETURN_REQUESTED, Status.SUSPENDED})


class Disposition(Term):
    """处置方式: how a case ended or is being settled (条例 R10)."""

    DISPATCH = "dispatch", "派单办理"
    DIRECT_ANSWER = "direct_answer", "直接答复"
    REFER_ELSEWHERE = "refer_elsewhere", "告知其他渠道"
    PERSUADE = "persuade", "劝导教育"
    MERGED = "merged", "并入他单"
    CANCELLED = "cancelled", "登记作废"


class Asked(Term):
    """State of something a unit may ask for once: an extension (延期) or a suspension (挂账)."""

    NONE = "none", "未申请"
    REQUESTED = "requested", "待审批"
    GRANTED = "granted", "已同意"
    DENIED = "denied", "未同意"


class ClockKind(Term):
    DISPATCH = "dispatch", "派单"
    SIGN = "sign", "签收"
    CONTACT = "contact", "首次联系"
    HANDLE = "handle", "办理"
    RULING = "ruling", "裁决"
    ASK = "ask", "到期回访"  # runs from the reply to the end of the limit, when the citizen is asked
    CALLBACK = "callback", "回访"
    REVIEW = "review", "挂账复核"


class Span(Term):
    """A length that is no clock of its own: how long a window stays open, how much an extension adds."""

    RETURN_WINDOW = "return_window", "退单时限（签收期满后）"
    EXTENSION = "extension", "延期"


class Light(Term):
    GREEN = "green", "正常"
    YELLOW = "yellow", "将到期"
    RED = "red", "已超期"


class ContactMeans(Term):
    PHONE = "phone", "电话"
    VISIT = "visit", "上门"
    MEETING = "meeting", "面谈"
    MESSAGE = "message", "短信或微信"
    LETTER = "letter", "书面"


class Outcome(Term):
    """What the unit says it achieved; the citizen judges later."""

    SOLVED = "solved", "已解决"
    PARTLY = "partly", "部分解决"
    EXPLAINED = "explained", "未能解决，已解释说明"


class Satisfaction(Term):
    SATISFIED = "satisfied", "满意"
    BASICALLY_SATISFIED = "basically_satisfied", "基本满意"
    UNSATISFIED = "unsatisfied", "不满意"


class Attitude(Term):
    """How the unit's people met the citizen; asked beside the three questions and part of no rate."""

    GOOD = "good", "态度好"
    ORDINARY = "ordinary", "态度一般"
    BAD = "bad", "态度差"


class Missed(Term):
    """Why a call back came to nothing."""

    NO_ANSWER = "no_answer", "无人接听"
    OFF = "off", "关机、停机或空号"
    WRONG_NUMBER = "wrong_number", "号码不是本人"
    REFUSED = "refused", "拒绝回访"


class UnitKind(Term):
    HOTLINE = "hotline", "热线中心"
    MUNICIPAL_DEPT = "municipal_dept", "市级部门"
    DISTRICT_GOV = "district_gov", "区政府"
    DISTRICT_BUREAU = "district_bureau", "区属部门"
    STREET = "street", "街道（乡镇）"
    COMMUNITY = "community", "社区（村）"
    PUBLIC_ENTERPRISE = "public_enterprise", "公共服务企业"


class AreaKind(Term):
    CITY = "city", "市"
    DISTRICT = "district", "区"
    STREET = "street", "街道（乡镇）"
    COMMUNITY = "community", "社区（村）"


class Role(Term):
    OPERATOR = "operator", "话务员"
    DISPATCHER = "dispatcher", "派单员"
    HANDLER = "handler", "承办人"
    UNIT_HEAD = "unit_head", "单位负责人"
    CALLBACK_AGENT = "callback_agent", "回访员"
    EVALUATOR = "evaluator", "考评员"
    ANALYST = "analyst", "分析员"
    LEADER = "leader", "领导"
    AUDITOR = "auditor", "监督员"
    ADMINISTRATOR = "administrator", "系统管理员"


# What these do, they do for the whole city: the roles count only at the hotline itself.
HOTLINE_ROLES = frozenset({Role.OPERATOR, Role.DISPATCHER, Role.CALLBACK_AGENT, Role.EVALUATOR})


class ActorKind(Term):
    STAFF = "staff", "工作人员"
    CITIZEN = "citizen", "诉求人"
    SYSTEM = "system", "系统"
