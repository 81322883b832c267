"""The words of this room: where a governed street stands, where a talk stands."""

from huiyin.domain.vocabulary import Term


class Stage(Term):
    GOVERNED = "governed", "治理中"
    OBSERVED = "observed", "观察中"
    ENDED = "ended", "已退出"


class Move(Term):
    """What was decided or written about a street; a decision is kept with the verdict it rests on."""

    ENTER = "enter", "纳入治理"
    EXIT = "exit", "退出，转入观察"
    RETURN = "return", "观察期内重新纳入"
    END = "end", "观察期满，结束"
    PLAN = "plan", "修订治理方案"
    NOTE = "note", "记录进展"


class TalkState(Term):
    PROPOSED = "proposed", "待约谈"
    HELD = "held", "已约谈，承诺待落实"
    CLOSED = "closed", "已了结"
    DROPPED = "dropped", "不再约谈"


# From where a decision is possible, and where it leads; entry makes the street, plans and notes move nothing.
DECISIONS: dict[Move, tuple[Stage, Stage]] = {
    Move.EXIT: (Stage.GOVERNED, Stage.OBSERVED),
    Move.RETURN: (Stage.OBSERVED, Stage.GOVERNED),
    Move.END: (Stage.OBSERVED, Stage.ENDED),
}
