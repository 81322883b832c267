"""Versions of the tree of indicators: a draft is edited, a published one never changes again."""

from django.db import models
from django.db.models import Q

from huiyin.domain.indicators import Direction, Level, Measure, Scale


class Tree(models.Model):
    """In force for the periods that end on `effective_from` or later. `places`: decimals at which scores are shown and
    compared. `min_covered`: share of the weight that needs data for a rank. `years_back`: how old yearly data may be.
    """

    number = models.PositiveIntegerField("版本号", unique=True)
    name = models.CharField("名称", max_length=60)
    effective_from = models.DateField("生效日期")
    places = models.PositiveSmallIntegerField("得分小数位", default=2)
    min_covered = models.DecimalField("参加排名所需的数据覆盖率", max_digits=4, decimal_places=3, default="0.5")
    years_back = models.PositiveSmallIntegerField("年度数据可沿用年数", default=1)
    note = models.CharField("说明", max_length=400, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of the file that it was loaded from; empty once edited
    author_id = models.BigIntegerField(null=True)
    author = models.CharField("编制人", max_length=60, blank=True)
    created_at = models.DateTimeField("编制时间")
    changed_at = models.DateTimeField("修改时间")
    published_by_id = models.BigIntegerField(null=True)
    published_by = models.CharField("发布人", max_length=60, blank=True)
    published_at = models.DateTimeField("发布时间", null=True)

    class Meta:
        db_table = "indicator_tree"
        ordering = ["-number"]
        constraints = [
            # Two versions from one day would leave it open which one is in force.
            models.UniqueConstraint(
                fields=["effective_from"], name="indicator_tree_day_once", condition=Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="indicator_min_covered_share", condition=Q(min_covered__gte=0, min_covered__lte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}第{self.number}版"


class TreeNode(models.Model):
    """A line of a tree (`domain.indicators.Node`); `parent` is a code of the same tree."""

    tree = models.ForeignKey(Tree, on_delete=models.CASCADE, related_name="nodes", db_index=False)
    position = models.PositiveIntegerField()
    code = models.CharField("代码", max_length=24)
    parent = models.CharField("上级", max_length=24, blank=True)
    level = models.CharField("层级", max_length=10, choices=Level.choices())
    name = models.CharField("名称", max_length=60)
    weight = models.DecimalField("权重", max_digits=9, decimal_places=4)
    unit = models.CharField("单位", max_length=20, blank=True)
    direction = models.CharField("方向", max_length=8, choices=Direction.choices())
    scale = models.CharField("评分办法", max_length=8, choices=Scale.choices())
    floor = models.DecimalField("底线（0分）", max_digits=16, decimal_places=4, null=True, blank=True)
    target = models.DecimalField("目标（100分）", max_digits=16, decimal_places=4, null=True, blank=True)
    measure = models.CharField("数据来源", max_length=14, choices=Measure.choices())
    branch = models.CharField("分类前缀", max_length=6, blank=True)
    sample = models.BooleanField("样例", default=False)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        db_table = "indicator_node"
        ordering = ["tree_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["tree", "code"], name="indicator_node_once"),
            models.CheckConstraint(name="indicator_weight_not_negative", condition=Q(weight__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
