"""The pages about people: home by role, one's own account, the administration of staff."""

from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.accounts import selectors, staffing
from huiyin.accounts.forms import PostForm, StaffFilter, StaffForm
from huiyin.accounts.models import Post, Staff
from huiyin.accounts.permissions import require
from huiyin.accounts.viewer import viewer_of
from huiyin.domain.errors import DomainError
from huiyin.domain.numerals import whole
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory, lookup
from huiyin.ui.layout import layout_of
from huiyin.ui.navigation import places_for
from huiyin.ui.responses import done

_OPTIONS = 12


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The first place of the person's role; without a post, the own account."""
    places = places_for(viewer_of(request.user).roles)
    return redirect(places[0].href if places else "accounts:profile")


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    shown = {
        "viewer": viewer_of(request.user),
        "mfa_on": is_mfa_enabled(request.user),
        "posts": _posts_of(request.user),
    }
    return render(request, "accounts/profile.html", shown)


@login_required
def switch_post(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        unit_id = whole(request.POST.get("unit", ""))
        staffing.switch_unit(request.user, unit_id=unit_id or 0)  # 0: no post of his
        return done(request, _("已切换到：%s") % viewer_of(request.user).title, to=reverse("accounts:home"))
    shown = {"layout": layout_of(request), "viewer": viewer_of(request.user), "posts": _posts_of(request.user)}
    return render(request, "accounts/switch_post.html", shown)


@require_GET
@require(Role.ADMINISTRATOR)
def staff_list(request: HttpRequest) -> HttpResponse:
    form = StaffFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = selectors.staff_page(
        request.viewer,
        words=wanted.get("q", ""),
        role=wanted.get("role", ""),
        unit_ids=directory.subtree_unit_ids(wanted["unit"]) if wanted.get("unit") in directory.units() else None,
        state=wanted.get("state", ""),
        after=wanted.get("after", ""),
    )
    shown = {"form": form, "page": page, "next_url": _next_url(request, "after", page.after)}
    return render(request, "accounts/staff_list.html", shown)


@require_http_methods(["GET", "POST"])
@require(Role.ADMINISTRATOR)
def staff_create(request: HttpRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form, post_form = StaffForm(sent), PostForm(sent)
    if request.method == "POST" and form.is_valid() and post_form.is_valid():
        try:
            staff, password = staffing.create_staff(
                by=request.viewer,
                data=form.cleaned_data,
                role=Role(post_form.cleaned_data["role"]),
                unit_id=post_form.cleaned_data["unit"],
                now=timezone.now(),
            )
        except DomainError as refusal:
            post_form.add_error("unit", refusal.message)
        else:
            return render(request, "accounts/password_once.html", {"staff": staff, "password": password})
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/staff_form.html", {"form": form, "post_form": post_form}, status=status)


@require_http_methods(["GET", "POST"])
@require(Role.ADMINISTRATOR)
def staff_detail(request: HttpRequest, pk: int) -> HttpResponse:
    staff = get_object_or_404(Staff, pk=pk)
    # A second object: a form that does not hold still changes its instance, and the page shows the stored one.
    form = StaffForm(request.POST if request.method == "POST" else None, instance=get_object_or_404(Staff, pk=pk))
    if request.method == "POST" and form.is_valid():
        staffing.change_facts(staff, by=request.viewer, data=form.cleaned_data, now=timezone.now())
        return done(request, _("资料已保存。"), to=request.path)
    shown = {
        "staff": staff,
        "form": form,
        "post_form": PostForm(),
        "posts": staff.posts.select_related("unit").order_by("valid_to", "id"),
        "changes": staff.changes.select_related("by")[:50],
        "mfa_on": is_mfa_enabled(staff),
        "manageable": staffing.may_manage(request.viewer, staff),
        "today": timezone.localdate(),
    }
    return render(request, "accounts/staff_detail.html", shown, status=422 if form.errors else 200)


@require_POST
@require(Role.ADMINISTRATOR)
def post_add(request: HttpRequest, pk: int) -> HttpResponse:
    staff, form = get_object_or_404(Staff, pk=pk), PostForm(request.POST)
    here = reverse("accounts:staff_detail", args=[pk])
    if not form.is_valid():
        return done(request, _("请选择岗位和单位。"), to=here, kind="error")
    role, unit_id = Role(form.cleaned_data["role"]), form.cleaned_data["unit"]
    staffing.add_post(staff, by=request.viewer, role=role, unit_id=unit_id, now=timezone.now())
    return done(request, _("岗位已添加。"), to=here)


@require_POST
@require(Role.ADMINISTRATOR)
def post_end(request: HttpRequest, pk: int, post_pk: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("staff", "unit"), pk=post_pk, staff_id=pk)
    staffing.end_post(post, by=request.viewer, now=timezone.now())
    return done(request, _("岗位已终止。"), to=reverse("accounts:staff_detail", args=[pk]))


@require_POST
@require(Role.ADMINISTRATOR)
def staff_active(request: HttpRequest, pk: int) -> HttpResponse:
    active = request.POST.get("active") == "1"
    staffing.set_active(get_object_or_404(Staff, pk=pk), active=active, by=request.viewer, now=timezone.now())
    said = _("账号已启用。") if active else _("账号已停用。")
    return done(request, said, to=reverse("accounts:staff_detail", args=[pk]))


@require_POST
@require(Role.ADMINISTRATOR)
def staff_password(request: HttpRequest, pk: int) -> HttpResponse:
    staff = get_object_or_404(Staff, pk=pk)
    password = staffing.reset_password(staff, by=request.viewer, now=timezone.now())
    return render(request, "accounts/password_once.html", {"staff": staff, "password": password})


@require_POST
@require(Role.ADMINISTRATOR)
def staff_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    staffing.unlock(get_object_or_404(Staff, pk=pk), by=request.viewer, now=timezone.now())
    return done(request, _("已解除登录锁定。"), to=reverse("accounts:staff_detail", args=[pk]))


@require_POST
@require(Role.ADMINISTRATOR)
def staff_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    staffing.forget_second_factor(get_object_or_404(Staff, pk=pk), by=request.viewer, now=timezone.now())
    return done(request, _("已解除双重验证。"), to=reverse("accounts:staff_detail", args=[pk]))


@require_GET
@require(Role.ADMINISTRATOR)
def unit_options(request: HttpRequest) -> JsonResponse:
    """For the type-ahead of units: those the viewer may post people at."""
    within = None if request.viewer.sees == "city" else request.viewer.unit_ids
    hits = lookup.units(request.GET.get("q", ""), limit=_OPTIONS, within=within)
    return JsonResponse({"results": [{"id": hit.id, "label": hit.label, "detail": hit.detail} for hit in hits]})


def _posts_of(staff: Staff) -> list[dict[str, object]]:
    """The person's valid posts by unit: what 切换岗位 chooses from."""
    units: dict[int, dict[str, object]] = {}
    for post in staff.posts.valid_on(timezone.localdate()).select_related("unit"):
        entry = units.setdefault(post.unit_id, {"unit": post.unit, "roles": []})
        entry["roles"].append(Role(post.role).label)  # type: ignore[attr-defined]
    return list(units.values())


def _next_url(request: HttpRequest, name: str, after: str | None) -> str:
    if after is None:
        return ""
    return f"?{urlencode({**request.GET.dict(), name: after})}"
