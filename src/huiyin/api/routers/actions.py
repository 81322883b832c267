"""Acting on a case: one operation for each action of the domain's table, so that the schema shows what each needs."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header, Router

from huiyin.api import idempotency, showing
from huiyin.api.bodies import body_of, code_name, resolved
from huiyin.api.callers import Caller, needs
from huiyin.api.common import CaseNo, answers, caller_of
from huiyin.api.idempotency import Answer, IdempotencyKey
from huiyin.api.problems import PreconditionFailed
from huiyin.api.routers.cases import case_answer
from huiyin.api.scopes import Scope
from huiyin.api.shapes import Allowed, CaseOut
from huiyin.cases import desk, numbers, selectors
from huiyin.cases.models import Case
from huiyin.domain.actions import FIELDS, Action
from huiyin.domain.errors import InvalidData
from huiyin.domain.fields import Field
from huiyin.domain.lifecycle import WHO

router = Router(tags=["办理"])

# What people do: not what only the clocks (提醒、升级) or only citizens may do; registering has an address of its own.
OFFERED = tuple(action for action, who in WHO.items() if any(one.role for one in who))
_LARGEST_SEQ = 2**31 - 1
_EXPECTED = {
    "expected_seq": {
        "type": ["integer", "null"],
        "minimum": 1,
        "maximum": _LARGEST_SEQ,
        "title": "所见版本",
        "description": "您所见案件的 seq；其间他人已办理的，回答 409 并告知变化。也可用 If-Match",
    }
}

IfMatch = Annotated[
    str | None,
    Header(
        None,
        alias="If-Match",
        max_length=20,
        pattern=r'^(\*|(W/)?"?[0-9]{1,9}"?)$',
        description='所见版本的 ETag，如 "3"；其间他人已办理的，回答 412 并告知变化',
    ),
]


@router.get(
    "/cases/{case_no}/actions",
    auth=needs(Scope.READ),
    **answers(Allowed, also=(404,)),
    summary="现在能做什么",
    operation_id="list_actions",
)
def list_actions(request: HttpRequest, case_no: CaseNo) -> HttpResponse:
    """以您的岗位，现在可对此案件做的操作，及各要填什么。"""
    caller = caller_of(request)
    row = selectors.find_case(caller.viewer, case_no)
    allowed = [action for action in desk.allowed(row, caller.actor) if action in OFFERED]
    items = [
        {"action": str(action), "label": action.label, "fields": [_field(field) for field in FIELDS[action]]}
        for action in allowed
    ]
    return showing.answer({"seq": row.seq, "items": items})


def _offer(action: Action) -> None:
    body_type = body_of(f"{action.name.title().replace('_', '')}Action", FIELDS[action], extra=_EXPECTED)

    @router.post(
        f"/cases/{{case_no}}/actions/{action}",
        auth=needs(Scope.ACT),
        **answers(CaseOut, also=(404, 409, 412)),
        summary=action.label,
        operation_id=f"act_{action}",
        url_name=f"act_{action}",
    )
    def operation(
        request: HttpRequest,
        case_no: CaseNo,
        body: body_type,  # type: ignore[valid-type]  # made from the domain's fields just above
        if_match: IfMatch = None,
        idempotency_key: IdempotencyKey = None,
    ) -> HttpResponse:
        given = body.model_extra or {}
        return _act(caller_of(request), case_no, action, given, if_match=if_match, key=idempotency_key)


def _act(
    caller: Caller, case_no: str, action: Action, given: dict[str, Any], *, if_match: str | None, key: str | None
) -> HttpResponse:
    now = timezone.now()
    found = selectors.named(caller.viewer, case_no)

    def work() -> Answer:
        after = _done(caller, found, action, dict(given), if_match=if_match, now=now)
        shown = case_answer(caller, after, now=now)
        return Answer(status=200, body=shown.content.decode(), etag=shown["ETag"])

    digest = idempotency.digest_of(f"{action} {numbers.normalise(case_no)}", given) if key else b""
    return idempotency.once(caller=caller.key, key=key, digest=digest, now=now, work=work).response()


def _done(
    caller: Caller, found: QuerySet[Case], action: Action, given: dict[str, Any], *, if_match: str | None, now: datetime
) -> Case:
    expected = _seq(given.pop("expected_seq", None))
    matched = None if if_match in (None, "*") else int(if_match.strip('W/"'))
    data = resolved(FIELDS[action], given, viewer=caller.viewer)
    seen = expected if matched is None else matched
    try:
        return desk.act_on(found, action, actor=caller.actor, data=data, now=now, expected_seq=seen)
    except desk.MovedSince as moved:
        if matched is not None:
            raise PreconditionFailed(moved.events) from moved
        raise


def _seq(raw: object) -> int | None:
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw <= _LARGEST_SEQ:
        raise InvalidData({"expected_seq": "应为案件的 seq"})
    return raw


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "code_name": code_name(field),
        "kind": field.kind.value,
        "label": field.label,
        "required": field.required,
        "help": field.help,
        "choices": [{"value": str(term), "label": term.label} for term in field.choices or ()],
        "reasons": field.reasons,
    }


for _action in OFFERED:
    _offer(_action)
