"""The words of this room: ranking groups, stages of a period's figures, what a ruling says."""

from huiyin.domain.exclusions import ExclusionKind, Ruling
from huiyin.domain.vocabulary import Term, UnitKind

__all__ = [
    "ASIDE",
    "FIXED",
    "GROUP_OF",
    "SILENT",
    "Basis",
    "ExclusionKind",
    "Group",
    "NonResponse",
    "Ruling",
    "Stage",
    "Step",
    "WorkState",
]


class Group(Term):
    """The four lists (四类排名): units are ranked only against their own kind (DOMAIN.md §3.5)."""

    DISTRICT = "district", "区（16+1）"
    STREET = "street", "街道（乡镇）"
    DEPARTMENT = "department", "市级部门"
    COMPANY = "company", "公共服务企业"


# In which list a case's lead unit is ranked; a district's own list adds up all units that it administers.
GROUP_OF = {
    UnitKind.STREET: Group.STREET,
    UnitKind.MUNICIPAL_DEPT: Group.DEPARTMENT,
    UnitKind.PUBLIC_ENTERPRISE: Group.COMPANY,
}


class Stage(Term):
    """How far a period's figures are; each step is another person's, and no step goes back once frozen."""

    LIVE = "live", "实时估算"
    DRAFTED = "drafted", "已出草稿"
    REVIEWED = "reviewed", "已复核"
    FROZEN = "frozen", "已冻结"
    PUBLISHED = "published", "已发布"


FIXED = frozenset({Stage.FROZEN, Stage.PUBLISHED})


class Basis(Term):
    """On which answer a case was judged."""

    CALLBACK = "callback", "回访"
    APPEAL = "appeal", "申诉后复访"


class NonResponse(Term):
    """Why a case has no answer that counts (docs/callbacks.md)."""

    NO_ANSWER = "no_answer", "无人接听"
    OFF = "off", "关机、停机或空号"
    WRONG_NUMBER = "wrong_number", "号码不是本人"
    REFUSED = "refused", "拒绝回访"
    UNRECORDED = "unrecorded", "未记原因"
    WAITING = "waiting", "尚未回访"
    NOT_DRAWN = "not_drawn", "未抽中"
    LINK_UNANSWERED = "link_unanswered", "未抽中，链接未作答"
    SELF_ANSWERED = "self_answered", "未抽中，自行评价"


# Who was asked and did not answer; and who was not to be asked, so that chance and not he decided.
SILENT = (
    NonResponse.NO_ANSWER,
    NonResponse.OFF,
    NonResponse.WRONG_NUMBER,
    NonResponse.REFUSED,
    NonResponse.UNRECORDED,
)
ASIDE = (NonResponse.NOT_DRAWN, NonResponse.LINK_UNANSWERED, NonResponse.SELF_ANSWERED)


class Step(Term):
    """What an evaluator has done to a period; each runs as a job, for a month of a big city takes minutes."""

    DRAFT = "draft", "出草稿"
    REVIEW = "review", "复核通过"
    FREEZE = "freeze", "冻结"
    PUBLISH = "publish", "发布"
    REVISE = "revise", "修订"
    VERIFY = "verify", "重新计算核对"


class WorkState(Term):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"
