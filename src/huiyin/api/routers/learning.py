"""What the machine has learned: versions of the model, how its automatic dispatch fares, the way back."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import BaseModel, Field

from huiyin.api import showing
from huiyin.api.callers import Caller, needs
from huiyin.api.common import answers, caller_of
from huiyin.api.problems import NotFound
from huiyin.api.scopes import Scope
from huiyin.api.shapes import listing, words
from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.learning import figures, promoting, watch
from huiyin.learning.models import ModelState, ModelVersion

router = Router(tags=["机器学习"], auth=needs(Scope.READ))

_READERS = frozenset({Role.ANALYST, Role.ADMINISTRATOR, Role.DISPATCHER})
_NEWEST = 100


class TestOut(BaseModel):
    cases: int
    accuracy: float
    macro_f1: float
    top3: float
    ece: float


class ModelOut(BaseModel):
    number: int
    state: words(ModelState)
    created_at: datetime
    promoted_at: datetime | None
    trained_on: int
    trained_from: datetime | None
    trained_to: datetime | None
    test: TestOut
    reason: str
    sha256: str
    size: int


class RollbackIn(BaseModel):
    number: Annotated[int | None, Field(None, ge=1, le=2**31 - 1, description="版本；不填为上一个使用过的版本")]
    reason: Annotated[str, Field(min_length=2, max_length=200, description="理由")]


class WatchOut(BaseModel):
    automatic: bool = Field(description="自动派单是否启用")
    reason: str
    days: int
    dispatched: int
    dispatched_automatically: int
    coverage: float | None
    wrong: int = Field(description="自动派单后由其他单位承办的件数，不含近3日派出的")
    wrong_share: float | None
    wrong_share_low: float = Field(description="错派率的95%下限")
    wrong_share_high: float = Field(description="错派率的95%上限")
    bound: float
    unit_accuracy: float | None
    class_accuracy: float | None


@router.get("/learning/models", **answers(listing(ModelOut)), summary="模型版本")
def models(request: HttpRequest) -> HttpResponse:
    """新的在前。"""
    _reader(request)
    rows = ModelVersion.objects.order_by("-number")[:_NEWEST]
    return showing.answer({"items": [_shown(row) for row in rows]})


@router.post(
    "/learning/rollback", **answers(ModelOut, also=(404, 409)), auth=needs(Scope.ACT), summary="改用另一版模型"
)
def rollback(request: HttpRequest, body: RollbackIn) -> HttpResponse:
    """供管理员使用；各进程几秒内生效，不必重启。"""
    caller = caller_of(request)
    caller.must_be({Role.ADMINISTRATOR})
    if len(body.reason.strip()) < 2:
        raise InvalidData({"reason": "请写明理由"})
    try:
        row = promoting.roll_back(body.number, reason=body.reason, by=caller.viewer.name, now=timezone.now())
    except promoting.NoSuchVersion as exc:
        raise NotFound from exc
    return showing.answer(_shown(row))


@router.get("/learning/watch", **answers(WatchOut), summary="自动派单的监测")
def watched(request: HttpRequest) -> HttpResponse:
    """近30日，按派出日期。"""
    _reader(request)
    now = timezone.now()
    state, found, counts = watch.standing(), watch.wrong_share(now=now), figures.totals(now)
    return showing.answer(
        {
            "automatic": state.on,
            "reason": state.reason,
            "days": figures.DAYS,
            "dispatched": counts.dispatched,
            "dispatched_automatically": counts.automatic,
            "coverage": counts.coverage,
            "wrong": found.wrong,
            "wrong_share": found.share,
            "wrong_share_low": found.low,
            "wrong_share_high": found.high,
            "bound": found.bound,
            "unit_accuracy": counts.unit_accuracy,
            "class_accuracy": counts.class_accuracy,
        }
    )


def _reader(request: HttpRequest) -> Caller:
    caller = caller_of(request)
    caller.must_be(_READERS)
    return caller


def _shown(row: ModelVersion) -> dict[str, Any]:
    names = "number state created_at promoted_at trained_on trained_from trained_to reason sha256 size"
    return {name: getattr(row, name) for name in names.split()} | {"test": row.scores["test"]}
