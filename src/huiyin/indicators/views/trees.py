"""Pages of trees: versions, one version by dimension, a draft's lines and weights, what it changes, publishing."""

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.accounts.permissions import require
from huiyin.domain.errors import DomainError
from huiyin.domain.indicator_trees import differences, faults_of
from huiyin.domain.indicators import TOTAL, Level, Node
from huiyin.domain.numerals import whole
from huiyin.evaluation import selectors as evaluation
from huiyin.indicators import editing, scoring, selectors, trees
from huiyin.indicators.forms import (
    DraftForm,
    HeadForm,
    ItemForm,
    NodeForm,
    TreeFileForm,
    first_of_next_year,
    head_of,
    initial_of,
    node_from,
)
from huiyin.indicators.models import Tree
from huiyin.indicators.views.common import page_context, viewer_of
from huiyin.registry import directory
from huiyin.tables.reading import BadFile
from huiyin.ui.layout import layout_of
from huiyin.ui.responses import done

_EDITORS = require(*editing.EDITORS)
_LARGEST = 2 << 20
_FAULTS = 100


@require_GET
@require()
def tree_list(request: HttpRequest) -> HttpResponse:
    """Published versions for everybody; drafts for the city's own people."""
    rows = Tree.objects.all()
    if not selectors.sees_all(viewer_of(request)):
        rows = rows.filter(published_at__isnull=False)
    context = page_context(request, "trees", None) | {"rows": rows, "current": trees.in_force(timezone.localdate())}
    return render(request, "indicators/tree_list.html", context)


@require_GET
@require()
def tree(request: HttpRequest, tree_number: int) -> HttpResponse:
    """One version, a dimension at a time."""
    shown = _seen(request, tree_number)
    nodes = trees.nodes_of(shown)
    dimensions = nodes.under(TOTAL)
    named = request.GET.get("dimension", "")
    node = next((one for one in dimensions if one.code == named), dimensions[0] if dimensions else None)
    draft = shown.published_at is None
    context = page_context(request, "trees", None) | {
        "tree": shown,
        "current": trees.in_force(timezone.localdate()),
        "open": draft and editing.may_edit(viewer_of(request)),
        "faults": [fault for _, fault in faults_of(nodes.nodes)][:9] if draft else [],
        "dimensions": _with_shares(dimensions),
        "node": node,
        "categories": [
            (one, share, _with_shares(nodes.under(one.code))) for one, share in _with_shares(nodes.under(node.code))
        ]
        if node
        else [],
        "base": nodes.of(Level.BASE),
        "items": len(nodes.of(Level.ITEM)),
        "samples": sum(one.sample for one in nodes.of(Level.ITEM)),
        "category_count": len(nodes.of(Level.CATEGORY)),
    }
    return render(request, "indicators/tree.html", context)


@require_http_methods(["GET", "POST"])
@_EDITORS
def draft(request: HttpRequest, tree_number: int) -> HttpResponse:
    """A new draft that begins as this version stands."""
    base, by = _seen(request, tree_number), editing.editor_of(viewer_of(request))
    initial = {"effective_from": first_of_next_year(timezone.localdate())}
    form = DraftForm(request.POST or None, initial=initial, auto_id="dialog_%s")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = editing.copy(base, on=data["effective_from"], note=data["note"], by=by, now=timezone.now())
        told = _("已从第 %(n)d 版建立草稿。") % {"n": base.number}
        return done(request, told, to=reverse("indicators:tree", args=[made.number]))
    return _asked(request, form, _("新建草稿"), base)


@require_http_methods(["GET", "POST"])
@_EDITORS
def load(request: HttpRequest) -> HttpResponse:
    """A draft from a file: whole, or not at all and every fault by its line."""
    by, faults = editing.editor_of(viewer_of(request)), []
    form = TreeFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            reading = _read(form.cleaned_data["file"])
            faults = reading.faults
            if not faults:
                made, new = editing.load(
                    reading,
                    name=form.cleaned_data["name"],
                    on=first_of_next_year(timezone.localdate()),
                    publish_it=False,
                    by=by,
                    now=timezone.now(),
                )
                told = _("已载入为草稿。") if new else _("这个文件早已载入，没有变化。")
                return done(request, told, to=reverse("indicators:tree", args=[made.number]))
        except BadFile as wrong:
            form.add_error("file", str(wrong))
    context = page_context(request, "trees", None) | {"form": form, "faults": faults[:_FAULTS], "count": len(faults)}
    return render(request, "indicators/tree_load.html", context, status=422 if faults or form.errors else 200)


@require_http_methods(["GET", "POST"])
@_EDITORS
def head(request: HttpRequest, tree_number: int) -> HttpResponse:
    shown, by = _draft(request, tree_number)
    form = HeadForm(request.POST or None, initial=head_of(shown), auto_id="dialog_%s")
    if request.method == "POST" and form.is_valid():
        editing.save_head(shown, by=by, now=timezone.now(), **form.cleaned_data)
        return done(request, _("已保存。"), to=reverse("indicators:tree", args=[tree_number]))
    return _asked(request, form, _("名称、生效日期与规则"), shown)


@require_POST
@_EDITORS
def weights(request: HttpRequest, tree_number: int) -> HttpResponse:
    """The weights of one dimension's page, or of the dimensions themselves."""
    shown, by = _draft(request, tree_number)
    back = f"{reverse('indicators:tree', args=[tree_number])}?dimension={request.POST.get('dimension', '')[:24]}"
    given: dict[str, Decimal] = {}
    for name, text in request.POST.items():
        if name.startswith("w-"):
            value = trees.number_from(str(text))
            if value is None or value < 0 or value >= 100_000:
                return done(request, _("权重应为不小于 0 的数字：%(text)s") % {"text": text}, to=back, kind="error")
            given[name.removeprefix("w-")] = value
    changed = editing.save_weights(shown, given, by=by, now=timezone.now())
    return done(request, _("改了 %(n)d 个权重。") % {"n": changed}, to=back)


@require_http_methods(["GET", "POST"])
@_EDITORS
def node_edit(request: HttpRequest, tree_number: int, node_code: str) -> HttpResponse:
    shown, by = _draft(request, tree_number)
    node = _node(shown, node_code)
    form = _form(node.level)(request.POST or None, initial=initial_of(node), auto_id="dialog_%s")
    if request.method == "POST" and form.is_valid():
        made = node_from(form.cleaned_data, level=node.level, parent=node.parent)
        return _saved(request, shown, made, form, by=by, code=node_code)
    return _asked(request, form, f"{node.level.label}：{node.name}", shown)


@require_http_methods(["GET", "POST"])
@_EDITORS
def node_new(request: HttpRequest, tree_number: int, node_code: str) -> HttpResponse:
    """A category below a dimension, or an item below a category."""
    shown, by = _draft(request, tree_number)
    above = _node(shown, node_code)
    if above.level not in (Level.DIMENSION, Level.CATEGORY):
        raise Http404
    level = Level.CATEGORY if above.level is Level.DIMENSION else Level.ITEM
    form = _form(level)(request.POST or None, initial={"weight": 1, "code": f"{node_code}."}, auto_id="dialog_%s")
    if request.method == "POST" and form.is_valid():
        made = node_from(form.cleaned_data, level=level, parent=node_code)
        return _saved(request, shown, made, form, by=by, code="")
    return _asked(request, form, _("在“%(name)s”下新增") % {"name": above.name}, shown)


@require_POST
@_EDITORS
def node_remove(request: HttpRequest, tree_number: int, node_code: str) -> HttpResponse:
    shown, by = _draft(request, tree_number)
    nodes = trees.nodes_of(shown)
    at = nodes.dimension_of(_node(shown, node_code)).code
    editing.remove_node(shown, node_code, by=by, now=timezone.now())
    return done(request, _("已删除。"), to=f"{reverse('indicators:tree', args=[tree_number])}?dimension={at}")


@require_GET
@require()
def compare(request: HttpRequest, tree_number: int) -> HttpResponse:
    """What a version changes against another, and what that does to the districts of the newest scored period."""
    newer = _seen(request, tree_number)
    others = Tree.objects.filter(published_at__isnull=False).exclude(pk=newer.pk)
    asked = request.GET.get("with", "")
    older = others.filter(number=whole(asked, digits=5)).first()
    older = older or others.filter(number__lt=newer.number).order_by("-number").first() or others.first()
    context = page_context(request, "trees", None) | {"newer": newer, "older": older, "others": others}
    if older is not None:
        context |= {"rows": differences(trees.nodes_of(older), trees.nodes_of(newer)), **_effect(request, older, newer)}
    return render(request, "indicators/tree_compare.html", context)


@require_POST
@_EDITORS
def publish(request: HttpRequest, tree_number: int) -> HttpResponse:
    shown, by = _draft(request, tree_number)
    try:
        editing.publish(shown, by=by, now=timezone.now())
    except editing.NotWhole as refused:
        return done(request, refused.message, to=reverse("indicators:tree", args=[tree_number]), kind="error")
    return done(request, _("第 %(n)d 版已发布，不能再改。") % {"n": tree_number}, to=reverse("indicators:trees"))


@require_POST
@_EDITORS
def discard(request: HttpRequest, tree_number: int) -> HttpResponse:
    shown, _by = _draft(request, tree_number)
    editing.discard(shown)
    return done(request, _("草稿已删除。"), to=reverse("indicators:trees"))


def _seen(request: HttpRequest, number: int) -> Tree:
    found = get_object_or_404(Tree, number=number)
    if found.published_at is None and not selectors.sees_all(viewer_of(request)):
        raise PermissionDenied("草稿发布前只供热线中心查看。")
    return found


def _draft(request: HttpRequest, number: int) -> tuple[Tree, editing.Editor]:
    by = editing.editor_of(viewer_of(request))
    found = _seen(request, number)
    if found.published_at is not None:
        raise editing.TreePublished
    return found, by


def _node(tree: Tree, code: str) -> Node:
    found = trees.nodes_of(tree).by_code.get(code)
    if found is None or found.level is Level.BASE:
        raise Http404
    return found


def _form(level: Level) -> type[NodeForm]:
    return ItemForm if level is Level.ITEM else NodeForm


def _saved(
    request: HttpRequest, shown: Tree, node: Node, form: NodeForm, *, by: editing.Editor, code: str
) -> HttpResponse:
    try:
        editing.save_node(shown, node, code=code, by=by, now=timezone.now())
    except DomainError as refused:
        form.add_error(None, refused.message)
        return _asked(request, form, node.name, shown)
    at = trees.nodes_of(shown).dimension_of(node).code
    return done(request, _("已保存。"), to=f"{reverse('indicators:tree', args=[shown.number])}?dimension={at}")


def _asked(request: HttpRequest, form: Any, title: str, tree: Tree) -> HttpResponse:
    context = {"layout": layout_of(request), "now": timezone.now(), "form": form, "title": title, "tree": tree}
    return render(request, "indicators/form.html", context, status=422 if form.errors else 200)


def _with_shares(nodes: tuple[Node, ...]) -> list[tuple[Node, Decimal]]:
    """Each with the share that it weighs among its siblings, in percent."""
    every = sum((node.weight for node in nodes), Decimal())
    return [(node, round(100 * node.weight / every, 2) if every else Decimal()) for node in nodes]


def _effect(request: HttpRequest, older: Tree, newer: Tree) -> dict[str, Any]:
    """Totals of the newest scored period on either tree; computed, not kept."""
    assessment = selectors.assessment_of("")
    if assessment is None or not selectors.sees_all(viewer_of(request)):
        return {}
    version = evaluation.version_of(assessment.period)
    was, now = scoring.compute(older, version), scoring.compute(newer, version)
    ranks_was, ranks_now = was.ranks(TOTAL), now.ranks(TOTAL)
    lines = [
        (area, was.shown(area.id, TOTAL), now.shown(area.id, TOTAL), ranks_was.get(area.id), ranks_now.get(area.id))
        for area in directory.districts()
    ]
    return {
        "effect": sorted(lines, key=lambda line: (line[4] is None, line[4] or 0)),
        "effect_period": assessment.period,
    }


def _read(sent: Any) -> trees.Reading:
    if (sent.size or 0) > _LARGEST:
        raise BadFile("文件超过 2 MB")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tree"
        with path.open("wb") as file:
            for chunk in sent.chunks():
                file.write(chunk)
        return trees.read(path)
