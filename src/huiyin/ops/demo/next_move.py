"""Who acts next on a case of the demo city: one answer for history and live traffic alike.

The answer depends on the seed and the case alone, so it stays the same when it is asked again after a reminder.
"""

from collections.abc import Callable, Mapping

from huiyin.domain.vocabulary import Asked, Status
from huiyin.ops.demo import citizen_moves, hotline_moves, unit_moves
from huiyin.ops.demo.story import Move, Scene


def next_move(scene: Scene) -> Move | None:
    """The earliest of what people mean to do; None where only time or the citizen can move the case."""
    choose = _BY_STATUS.get(scene.case.status)
    planned = choose(scene) if choose else None
    moves = [*([planned] if planned else []), *hotline_moves.attention(scene)]
    moves = [move for move in moves if move.action not in scene.refused]
    return min(moves, key=lambda move: move.at, default=None)


def _in_work(scene: Scene) -> Move | None:
    case = scene.case
    if Asked.REQUESTED in (case.extension, case.suspension):
        return hotline_moves.decisions(scene)
    return unit_moves.working(scene) if case.contacted_at else unit_moves.contact(scene)


_BY_STATUS: Mapping[Status, Callable[[Scene], Move | None]] = {
    Status.RECEIVED: hotline_moves.received,
    Status.DISPATCHED: unit_moves.dispatched,
    Status.SIGNED: _in_work,
    Status.HANDLING: _in_work,
    Status.RETURN_REQUESTED: hotline_moves.return_requested,
    Status.REPLIED: citizen_moves.replied,
    Status.SUSPENDED: hotline_moves.suspended,
    Status.CALLBACK_PENDING: hotline_moves.callback_pending,
    Status.CALLED_BACK: hotline_moves.called_back,
    Status.CLOSED: hotline_moves.closed,
}
