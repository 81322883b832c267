"""The period desk: all periods, one period with its steps, checks and revisions; each step is a job."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import Viewer
from huiyin.cases import numbers
from huiyin.cases.models import Case
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.evaluation import checklist, differences, digest, jobs, periods
from huiyin.evaluation.board_views import find_version
from huiyin.evaluation.closing import MAY_CLOSE, MAY_REVIEW, DraftChanged
from huiyin.evaluation.models import Period, Version, Work
from huiyin.evaluation.vocabulary import FIXED, Stage, Step, WorkState
from huiyin.registry import directory
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_DESK = require(Role.EVALUATOR, Role.LEADER, Role.AUDITOR, Role.ANALYST)
_NEXT = {
    None: Step.DRAFT,
    Stage.DRAFTED: Step.REVIEW,
    Stage.REVIEWED: Step.FREEZE,
    Stage.FROZEN: Step.PUBLISH,
    Stage.PUBLISHED: None,
}
_EXPLAINED = {
    Step.DRAFT: "按期末状态统计全部案件，计算各单位成绩；未冻结前可重复出草稿。",
    Step.REVIEW: "由出草稿以外的人核对后通过。",
    Step.FREEZE: "为每件案件、每个数字生成指纹，此后任何人都不能改动。",
    Step.PUBLISH: "发布后各单位可以查看。",
    Step.REVISE: "保留已发布的版本，另出新版，并列出全部差异。",
    Step.VERIFY: "按案件记录重新计算，与本版逐件、逐位核对。",
}


@never_cache
@require_GET
@_DESK
def show_all(request: HttpRequest) -> HttpResponse:
    viewer = _city(request)
    now = timezone.now()
    periods.period_at(now)
    rows = [
        (period, sorted(period.versions.all(), key=lambda one: -one.number))
        for period in Period.objects.order_by("-begins_at").prefetch_related("versions")[:36]
    ]
    context = {
        "layout": layout_of(request),
        "now": now,
        "rows": [(period, versions, period.ends_at <= now) for period, versions in rows],
        "may_close": viewer.has(*MAY_CLOSE),
    }
    return render(request, "evaluation/periods.html", context)


@never_cache
@require_GET
@_DESK
def show(request: HttpRequest, code: str) -> HttpResponse:
    viewer = _city(request)
    period, now = _period(code), timezone.now()
    versions = list(period.versions.filter(number__gt=0).order_by("-number"))
    newest = versions[0] if versions else None
    works = list(period.works.order_by("-id")[:12])
    context: dict[str, Any] = {
        "layout": layout_of(request),
        "now": now,
        "period": period,
        "over": period.ends_at <= now,
        "versions": versions,
        "newest": newest,
        "works": works,
        "running": next((work for work in works if work.state in (WorkState.QUEUED, WorkState.RUNNING)), None),
        "steps": _steps(viewer, newest, over=period.ends_at <= now),
        "stages": [stage for stage in Stage if stage is not Stage.LIVE],
        "stamp": _stamp(period),
        "checks": checklist.of(newest) if newest else (),
    }
    if len(versions) > 1:
        context |= _difference(versions[1], versions[0])
    return render(request, "evaluation/period.html", context)


@never_cache
@require_GET
@_DESK
def stamp(request: HttpRequest, code: str) -> HttpResponse:
    return JsonResponse({"stamp": _stamp(_period(code))})


@never_cache
@require_GET
@_DESK
def fingerprint(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """The text that the fingerprint is of, to be checked with sha256sum: numbers and answers, no word of a citizen."""
    viewer, number = _city(request), request.GET.get("version", "")
    version = find_version(viewer, code, number)
    if version.stage not in FIXED:
        raise Http404(_("这一版还没有冻结，没有指纹"))
    answer = StreamingHttpResponse(digest.text_of(version), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{code}-v{version.number}.txt"'
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
@_DESK
def take(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """Says what the step does and asks for it; the job does it."""
    viewer, period = _city(request), _period(code)
    if step not in set(Step):
        raise Http404
    wanted = Step(step)
    newest = period.versions.filter(number__gt=0).order_by("-number").first()
    if wanted not in _steps(viewer, newest, over=period.ends_at <= timezone.now()):
        raise PermissionDenied(_("现在不能做这一步，或您的岗位不做这一步。"))
    note, error = request.POST.get("note", "").strip(), ""
    if request.method == "POST":
        if wanted is Step.REVISE and len(note) < 4:
            error = _("请写明修订理由")
        elif wanted is Step.REVIEW and request.POST.get("as_of") != _moment(newest):
            error = DraftChanged().message
        else:
            try:
                jobs.ask(
                    period,
                    wanted,
                    by=viewer,
                    note=note,
                    number=newest.number if newest else None,
                    as_of=newest.as_of if newest and wanted is Step.REVIEW else None,
                    now=timezone.now(),
                )
                to = reverse("evaluation:period", args=[code])
                return done(request, _("%s：已开始") % wanted.label, to=to)
            except DomainError as refusal:
                error = refusal.message
    context = {
        "layout": layout_of(request),
        "period": period,
        "newest": newest,
        "step": wanted,
        "explained": _EXPLAINED[wanted],
        "note": note,
        "error": error,
        "as_of": _moment(newest) if wanted is Step.REVIEW else "",
        "asks_note": wanted in (Step.REVISE, Step.REVIEW),
        "checks": checklist.of(newest) if newest and wanted in (Step.REVIEW, Step.FREEZE) else (),
    }
    return render(request, "evaluation/period_step.html", context, status=422 if error else 200)


def _moment(draft: Version | None) -> str:
    """By what a form knows again which draft was read."""
    return draft.as_of.isoformat() if draft else ""


def _steps(viewer: Viewer, newest: Version | None, *, over: bool) -> list[Step]:
    """What this person may do next, the main step first."""
    found: list[Step] = []
    if not over:
        return found
    step = _NEXT[Stage(newest.stage) if newest else None]
    if step is Step.REVIEW and newest is not None:
        if viewer.has(*MAY_REVIEW) and viewer.staff_id != newest.drafted_by_id:
            found.append(step)
    elif step is not None and viewer.has(*MAY_CLOSE):
        found.append(step)
    if newest is not None:
        if newest.stage not in FIXED and viewer.has(*MAY_CLOSE):
            found.append(Step.DRAFT)
        if newest.stage == Stage.PUBLISHED and viewer.has(*MAY_CLOSE):
            found.append(Step.REVISE)
        found.append(Step.VERIFY)
    return found


def _difference(older: Version, newer: Version) -> dict[str, Any]:
    cases = differences.cases_between(older, newer, most=200)
    known = dict(Case.objects.filter(pk__in=[one.case_id for one in cases]).values_list("pk", "case_no"))
    return {
        "older": older,
        "changed_cases": [
            (numbers.grouped(known[one.case_id]), known[one.case_id], _state(one.before), _state(one.after))
            for one in cases
            if one.case_id in known
        ],
        "changed_figures": [
            (directory.unit(one.unit_id).short_name, checklist.label_of(one.name), one.before, one.after)
            for one in differences.figures_between(older, newer)[:300]
        ],
    }


def _state(state: tuple[Any, ...] | None) -> str:
    from huiyin.domain.entering import Why
    from huiyin.domain.vocabulary import Satisfaction

    if state is None:
        return "—"
    _unit, why, contacted, solved, satisfaction = state
    words = [Why(why).label]
    if satisfaction:
        words.append("已联系" if contacted else "未联系")
        words.append({True: "已解决", False: "未解决", None: ""}[solved])
        words.append(Satisfaction(satisfaction).label)
    return "，".join(word for word in words if word)


def _stamp(period: Period) -> str:
    last = Work.objects.filter(period=period).order_by("-id").values_list("id", "state").first()
    return f"{last}"


def _period(code: str) -> Period:
    try:
        return periods.period_coded(code)
    except InvalidData as refusal:
        raise Http404(refusal.message) from refusal


def _city(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by require
    if viewer.sees != "city":
        raise PermissionDenied("考核期由市级考评人员办理；本单位成绩请看“考评成绩”。")
    return viewer
