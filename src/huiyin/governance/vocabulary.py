"""The words of this room: where a governed street stands, where a talk stands."""

from huiyin.domain.vocabulary import Term


class Stage(Term):
    GOVERNED = "governed", "治理中"
    OBSERVED = "observed", "退出观察"
    ENDED = "ended", "已退出"


class Move(Term):
    """What was decided about a street; each is kept with the verdict it rests on."""

    ENTER = "enter", "纳入治理"
    EXIT = "exit", "退出，转入观察"
    RETURN = "return", "观察期内重新纳入"
    END = "end", "观察期满，结束"
    NOTE = "note", "进展"


class TalkState(Term):
    PROPOSED = "proposed", "待约谈"
    HELD = "held", "已约谈"
    CLOSED = "closed", "承诺已落实"


# From where a move is possible, and where it leads; a note moves nothing.
MOVES: dict[Move, tuple[Stage | None, Stage]] = {
    Move.ENTER: (None, Stage.GOVERNED),
    Move.EXIT: (Stage.GOVERNED, Stage.OBSERVED),
    Move.RETURN: (Stage.OBSERVED, Stage.GOVERNED),
    Move.END: (Stage.OBSERVED, Stage.ENDED),
}
