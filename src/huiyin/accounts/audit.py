"""The page for auditors and administrators: who looked at whose personal data, when, where from and why."""

from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huiyin.accounts import case_names, selectors
from huiyin.accounts.forms import LookFilter
from huiyin.accounts.models import Staff
from huiyin.accounts.permissions import require
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory

_NO_CASE = -1


@require_GET
@require(Role.AUDITOR, Role.ADMINISTRATOR)
def audit(request: HttpRequest) -> HttpResponse:
    form = LookFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    kind = "looks" if wanted.get("kind") == "looks" else "reveals"
    page = selectors.look_page(
        request.viewer,
        kind=kind,
        staff_ids=_people(wanted.get("who", "")),
        case_id=_case(wanted.get("case", "")),
        field=wanted.get("field", ""),
        since=wanted.get("since"),
        until=wanted.get("until"),
        before=wanted.get("before"),
    )
    units = directory.units()
    numbers = case_names.numbers_of({row.case_id for row in page.rows})
    for row in page.rows:
        row.unit, row.case_no = units.get(row.unit_id), numbers.get(row.case_id, "")
    next_url = f"?{urlencode({**request.GET.dict(), 'before': page.after})}" if page.after else ""
    shown = {"form": form, "kind": kind, "page": page, "next_url": next_url}
    return render(request, "accounts/audit.html", shown)


def _case(number: str) -> int | None:
    """A number that is no case's finds nothing, rather than everything."""
    return (case_names.id_of(number) or _NO_CASE) if number.strip() else None


def _people(words: str) -> list[int] | None:
    """The staff meant by a name or number; None when nobody was asked for."""
    if not words.strip():
        return None
    found = Staff.objects.filter(Q(name__icontains=words.strip()) | Q(staff_no__iexact=words.strip()))
    return list(found.values_list("pk", flat=True)[:100])
