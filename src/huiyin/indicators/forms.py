"""Forms of the room: files, a draft's heading, one line of a tree."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from huiyin.domain.indicators import Direction, Level, Measure, Node, Scale
from huiyin.indicators.models import Tree
from huiyin.registry.forms import day_input


class FileForm(forms.Form):
    file = forms.FileField(label=_l("文件"), help_text=_l("CSV 或 Excel（.xlsx），列名见下"))


class TreeFileForm(FileForm):
    name = forms.CharField(label=_l("名称"), max_length=60, initial=_l("七有五性指标树"))


class HeadForm(forms.Form):
    name = forms.CharField(label=_l("名称"), max_length=60)
    effective_from = forms.DateField(
        label=_l("生效日期"), widget=day_input(), help_text=_l("考核期最后一天在此日或以后的，按这一版计算")
    )
    places = forms.IntegerField(label=_l("得分小数位"), min_value=0, max_value=4)
    min_covered = forms.DecimalField(
        label=_l("参加排名所需的数据覆盖率"),
        min_value=0,
        max_value=1,
        decimal_places=3,
        help_text=_l("0.5 为一半权重有数据"),
    )
    years_back = forms.IntegerField(
        label=_l("年度数据可沿用年数"), min_value=0, max_value=5, help_text=_l("本年没有时，用前几年的")
    )
    note = forms.CharField(label=_l("说明"), max_length=400, required=False)


class DraftForm(forms.Form):
    effective_from = forms.DateField(label=_l("生效日期"), widget=day_input())
    note = forms.CharField(label=_l("为什么要改"), max_length=400)


class NodeForm(forms.Form):
    """A category or an item; what belongs to items only is left empty for a category."""

    code = forms.CharField(label=_l("代码"), max_length=24)
    name = forms.CharField(label=_l("名称"), max_length=60)
    weight = forms.DecimalField(label=_l("权重"), min_value=0, max_digits=9, decimal_places=4)
    note = forms.CharField(label=_l("说明"), max_length=200, required=False)


class ItemForm(NodeForm):
    unit = forms.CharField(label=_l("单位"), max_length=20, required=False)
    measure = forms.ChoiceField(label=_l("数据来源"), choices=Measure.choices())
    branch = forms.CharField(
        label=_l("分类前缀"),
        max_length=6,
        required=False,
        help_text=_l("来自案件的细项：只数这一支的案件，空为整个维度"),
    )
    direction = forms.ChoiceField(label=_l("方向"), choices=Direction.choices())
    scale = forms.ChoiceField(label=_l("评分办法"), choices=Scale.choices())
    floor = forms.DecimalField(label=_l("底线（0分）"), max_digits=16, decimal_places=4, required=False)
    target = forms.DecimalField(label=_l("目标（100分）"), max_digits=16, decimal_places=4, required=False)
    sample = forms.BooleanField(label=_l("样例（非官方指标）"), required=False)


def node_from(data: dict[str, Any], *, level: Level, parent: str) -> Node:
    kinds = {"direction": Direction, "scale": Scale, "measure": Measure}
    given = {name: kinds[name](value) if name in kinds else value for name, value in data.items()}
    return Node(level=level, parent=parent, **given)


def initial_of(node: Node) -> dict[str, Any]:
    return {name: getattr(node, name) for name in (*NodeForm.base_fields, *ItemForm.base_fields)}


def head_of(tree: Tree) -> dict[str, Any]:
    return {name: getattr(tree, name) for name in HeadForm.base_fields}


def first_of_next_year(today: date) -> date:
    return date(today.year + 1, 1, 1)
