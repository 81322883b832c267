"""Draws the life of a case from its table: the state diagram and the lists of actions in docs/lifecycle.md."""

import re

from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.lifecycle import TABLE, Relation, Row, Who
from huiyin.domain.vocabulary import OPEN_STATUSES, Status

RELATIONS = {
    Relation.ANY: "",
    Relation.OWNER: "主办或二级承办单位 (owner)",
    Relation.LEAD: "主办单位 (lead)",
    Relation.INVOLVED: "主办、二级承办或协办单位 (involved)",
    Relation.ABOVE: "上级单位、所在区或全市 (above)",
    Relation.REQUESTER: "诉求人 (requester)",
    Relation.SYSTEM: "系统 (system)",
}
_BLOCK = re.compile(r"(<!-- (diagram|actions|statuses): from the table -->\n).*?(\n<!-- end -->)", re.DOTALL)


def refreshed(document: str) -> str:
    """The document with its marked parts drawn anew; what stands between them is left alone."""
    parts = {"diagram": diagram, "actions": actions, "statuses": statuses}
    return _BLOCK.sub(lambda found: found[1] + parts[found[2]]() + found[3], document)


def diagram() -> str:
    """Mermaid: one arrow for each pair of statuses, naming the actions that lead from the one to the other."""
    arrows: dict[tuple[Status, Status], list[Action]] = {}
    for (status, action), row in TABLE.items():
        for target in row.to:
            if target is not status:
                arrows.setdefault((status, target), []).append(action)
    lines = ["stateDiagram-v2", *(f'    state "{status.label} {status}" as {status}' for status in Status)]
    lines.append(f"    [*] --> {Status.RECEIVED}: {Action.REGISTER.label}")
    for (status, target), names in sorted(arrows.items(), key=_in_order):
        lines.append(f"    {status} --> {target}: {'、'.join(action.label for action in names)}")
    lines += [f"    {status} --> [*]" for status in Status if status not in OPEN_STATUSES]
    return "\n".join(["```mermaid", *lines, "```"])


def actions() -> str:
    """One line for each action: who may, from which status, what must be told (fields marked * are required)."""
    rows = {row.action: row for row in TABLE.values()}
    head = ["| 操作 | action | 谁 who | 从 from | 到 to | 字段 fields |", "|---|---|---|---|---|---|"]
    return "\n".join(head + [_line(action, rows[action]) for action in Action if action in rows])


def statuses() -> str:
    """One line for each status with the actions that it allows."""
    lines = ["| 状态 | status | 可做的操作 actions |", "|---|---|---|"]
    for status in Status:
        names = "、".join(action.label for action in Action if (status, action) in TABLE)
        lines.append(f"| {status.label} | `{status}` | {names} |")
    return "\n".join(lines)


def _line(action: Action, row: Row) -> str:
    fields = " ".join(f"`{field.name}`{'*' if field.required else ''}" for field in FIELDS[action])
    cells = [action.label, f"`{action}`", _who(row.who), _from(row.statuses), _named(row.to), fields or "—"]
    return f"| {' | '.join(cells)} |"


def _who(who: tuple[Who, ...]) -> str:
    """Roles grouped by how they must stand to the case: "主办单位 (lead)：承办人、单位负责人"."""
    groups: dict[Relation, list[str]] = {}
    for one in who:
        groups.setdefault(one.relation, []).extend([] if one.role is None else [one.role.label])
    return "；".join("：".join(filter(None, [RELATIONS[key], "、".join(roles)])) for key, roles in groups.items())


def _from(statuses_: frozenset[Status]) -> str:
    if statuses_ == frozenset(Status):
        return "任何状态"
    return "未结的任何状态" if statuses_ == OPEN_STATUSES else _named(tuple(s for s in Status if s in statuses_))


def _named(statuses_: tuple[Status, ...]) -> str:
    return "、".join(status.label for status in statuses_) or "不变"


def _in_order(arrow: tuple[tuple[Status, Status], list[Action]]) -> tuple[int, int]:
    order = list(Status)
    return order.index(arrow[0][0]), order.index(arrow[0][1])
