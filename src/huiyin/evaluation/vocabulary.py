"""The words of this room: ranking groups, stages of a period's figures, what a ruling says."""

from huiyin.domain.exclusions import ExclusionKind, Ruling
from huiyin.domain.vocabulary import Term, UnitKind

__all__ = ["FIXED", "GROUP_OF", "Basis", "ExclusionKind", "Group", "Ruling", "Stage", "Step", "WorkState"]


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
