"""Dated rules: an edition is a complete set of classes, dispatch rules, limits or of an evaluation scheme, in force
from a moment on.

A published edition whose moment has come is never altered: cases keep the edition that they were registered under.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Length

from huiyin.domain.rules import DurationUnit
from huiyin.domain.vocabulary import ClockKind, Grade, RequestType, Span, Term, UnitKind
from huiyin.registry.models.places import Area
from huiyin.registry.models.units import Unit


class EditionKind(Term):
    TAXONOMY = "taxonomy", "问题分类"
    CATALOGUE = "catalogue", "派单目录"
    LIMITS = "limits", "时限与参数"
    EVALUATION = "evaluation", "考评方案"


class ReasonKind(Term):
    RETURN = "return", "退单理由"
    EXTENSION = "extension", "延期理由"
    SUSPENSION = "suspension", "挂账理由"
    EXCLUSION = "exclusion", "剔除理由"
    CANCEL = "cancel", "作废理由"
    REFER = "refer", "告知其他渠道"
    PERSUADE = "persuade", "劝导教育"


class Edition(models.Model):
    kind = models.CharField("类别", max_length=12, choices=EditionKind.choices())
    number = models.PositiveIntegerField("版本号")
    effective_from = models.DateTimeField("生效时间")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)  # empty: a draft, never in force
    author_id = models.BigIntegerField(null=True, blank=True)
    author_name = models.CharField("编制人", max_length=40, blank=True)
    note = models.CharField("说明", max_length=400, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of the preset's files that it was loaded from
    created_at = models.DateTimeField("编制时间")

    class Meta:
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="edition_number_once"),
            # Two editions from one moment would leave it open which one is in force.
            models.UniqueConstraint(
                fields=["kind", "effective_from"],
                condition=models.Q(published_at__isnull=False),
                name="edition_moment_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{EditionKind(self.kind).label}第{self.number}版"


class CaseClass(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="classes")
    code = models.CharField("代码", max_length=6)
    level1 = models.CharField("一级分类", max_length=40)
    level2 = models.CharField("二级分类", max_length=40)
    level3 = models.CharField("三级分类", max_length=40)
    request_types = ArrayField(models.CharField(max_length=16, choices=RequestType.choices()), verbose_name="诉求类型")
    default_unit_type = models.CharField("默认承办类别", max_length=20, choices=UnitKind.choices())
    default_department = models.CharField("默认承办单位", max_length=60, blank=True)
    urgency = models.CharField("默认分级", max_length=10, choices=Grade.choices())
    dimension = models.CharField("七有五性", max_length=10)
    keywords = ArrayField(models.CharField(max_length=30), verbose_name="关键词", default=list, blank=True)
    pinyin = models.CharField(max_length=240, blank=True)
    initials = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="class_once_an_edition"),
            models.CheckConstraint(condition=models.Q(code__regex=r"^[0-9]{6}$"), name="class_code_of_six_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.level3}"


class CatalogueRule(models.Model):
    """派单目录: a class (or a branch of classes), a place and circumstances give the unit; the first match counts."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="rules")
    priority = models.PositiveIntegerField("优先级", help_text="数字小的先匹配")
    class_prefix = models.CharField("分类（前缀）", max_length=6, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区域"
    )
    request_type = models.CharField("诉求类型", max_length=16, blank=True, choices=RequestType.choices())
    word = models.CharField("须出现的词", max_length=120, blank=True, help_text="多个词用 | 分开，出现一个即可")
    target_kind = models.CharField("承办类别", max_length=20, choices=UnitKind.choices())
    target_name = models.CharField("承办单位", max_length=60, blank=True)
    target_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="指定单位"
    )
    note = models.CharField("依据或说明", max_length=200, blank=True)

    class Meta:
        ordering = ["priority", Length("class_prefix").desc(), "class_prefix", "id"]
        indexes = [models.Index(fields=["edition", "class_prefix"], name="catalogue_edition_prefix")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(class_prefix__regex=r"^([0-9]{2}){0,3}$"), name="catalogue_prefix_of_pairs"
            )
        ]

    def __str__(self) -> str:
        return f"{self.class_prefix or '*'} → {self.target_name or self.target_kind}"


class Limit(models.Model):
    """时限: how long a step may take for a grade, in the unit in which the rule is written."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="limits")
    grade = models.CharField("分级", max_length=10, choices=Grade.choices())
    clock = models.CharField("环节", max_length=16, choices=ClockKind.choices() + Span.choices())
    amount = models.PositiveIntegerField("时长")
    unit = models.CharField("单位", max_length=12, choices=DurationUnit.choices())

    class Meta:
        ordering = ["clock", "grade"]
        constraints = [models.UniqueConstraint(fields=["edition", "grade", "clock"], name="limit_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.grade} {self.clock}"


class Parameter(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="parameters")
    key = models.CharField("参数", max_length=40)
    value = models.CharField("取值", max_length=600)
    label = models.CharField("含义", max_length=120)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="parameter_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


class Reason(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="reasons")
    kind = models.CharField("类别", max_length=12, choices=ReasonKind.choices())
    code = models.CharField("代码", max_length=24)
    label = models.CharField("理由", max_length=80)
    parent = models.CharField("上级代码", max_length=24, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["edition", "kind", "code"], name="reason_once_an_edition")]

    def __str__(self) -> str:
        return f"{self.kind} {self.code}"
