"""The actions that a person may take now, as buttons: which comes first, which key presses it, which needs no form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from huiyin.cases.models import Case
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.vocabulary import Asked

# Letters that the mouth suggests (签 s, 联 c, 反 r …); j, k, x and g belong to lists and navigation.
_KEYS: Mapping[Action, str] = {
    Action.SIGN: "s",
    Action.NOTE_CONTACT: "c",
    Action.REPLY: "r",
    Action.ASSIGN_HANDLER: "a",
    Action.HAND_DOWN: "h",
    Action.ADD_NOTE: "n",
    Action.REQUEST_RETURN: "t",
    Action.REQUEST_EXTENSION: "e",
    Action.REQUEST_SUSPENSION: "p",
    Action.RELEASE: "l",
    Action.DISPATCH: "d",
    Action.REDISPATCH: "d",
    Action.RULE_RETURN: "t",
    Action.DECIDE_EXTENSION: "e",
    Action.DECIDE_SUSPENSION: "p",
    Action.DIRECT_ANSWER: "w",
    Action.REFER_ELSEWHERE: "y",
    Action.PERSUADE: "q",
    Action.START_CALLBACK: "b",
    Action.RECORD_CALLBACK: "b",
    Action.REWORK: "o",
    Action.CLOSE: "z",
    Action.SUPPLEMENT: "n",
    Action.URGE: "u",
    Action.SUPERVISE: "v",
    Action.CORRECT: "f",
    Action.MERGE: "m",
    Action.MARK_CONFIDENTIAL: "i",
    Action.REOPEN: "o",
}
_ICONS: Mapping[Action, str] = {
    Action.SIGN: "check",
    Action.NOTE_CONTACT: "phone",
    Action.REPLY: "send",
    Action.ASSIGN_HANDLER: "user-check",
    Action.HAND_DOWN: "hierarchy-2",
    Action.ADD_NOTE: "notes",
    Action.REQUEST_RETURN: "arrow-back-up",
    Action.REQUEST_EXTENSION: "calendar-time",
    Action.REQUEST_SUSPENSION: "player-pause",
    Action.RELEASE: "player-play",
    Action.DISPATCH: "route",
    Action.REDISPATCH: "route",
    Action.RULE_RETURN: "gavel",
    Action.DECIDE_EXTENSION: "gavel",
    Action.DECIDE_SUSPENSION: "gavel",
    Action.DIRECT_ANSWER: "message-2",
    Action.REFER_ELSEWHERE: "arrow-up-right",
    Action.PERSUADE: "book",
    Action.START_CALLBACK: "phone-call",
    Action.RECORD_CALLBACK: "phone-call",
    Action.REWORK: "repeat",
    Action.CLOSE: "circle-check",
    Action.SUPPLEMENT: "message",
    Action.URGE: "bell-ringing",
    Action.SUPERVISE: "urgent",
    Action.CORRECT: "edit",
    Action.MERGE: "git-merge",
    Action.MARK_CONFIDENTIAL: "lock",
    Action.CANCEL: "trash",
    Action.REOPEN: "repeat",
}
# The next step of the work, first of these that is allowed.
_NEXT = (
    Action.SIGN,
    Action.RULE_RETURN,
    Action.DISPATCH,
    Action.DECIDE_EXTENSION,
    Action.DECIDE_SUSPENSION,
    Action.RELEASE,
    Action.REPLY,
    Action.RECORD_CALLBACK,
    Action.REWORK,
    Action.CLOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    action: Action
    url: str
    key: str
    icon: str
    is_next: bool
    direct: bool  # takes effect with one press: there is nothing to fill in

    @property
    def label(self) -> str:
        return self.action.label

    @property
    def is_dangerous(self) -> bool:
        return self.action is Action.CANCEL


def buttons(case: Case, allowed: Iterable[Action]) -> list[Button]:
    """The next step first, the rest in the table's order; two buttons never share a key."""
    may = list(allowed)
    first = _next_of(case, may)
    taken: set[str] = set()
    made = []
    for action in [*([first] if first else []), *(action for action in may if action is not first)]:
        key = _KEYS.get(action, "")
        made.append(
            Button(
                action=action,
                url=reverse("cases:do", args=[case.case_no, str(action)]),
                key="" if key in taken else key,
                icon=_ICONS.get(action, "dots"),
                is_next=action is first,
                direct=not FIELDS[action],
            )
        )
        taken.add(key)
    return made


def _next_of(case: Case, may: list[Action]) -> Action | None:
    """Who has not yet been called is called first."""
    if Action.NOTE_CONTACT in may and case.contacted_at is None and case.extension != Asked.REQUESTED:
        return Action.NOTE_CONTACT
    return next((action for action in _NEXT if action in may), None)
