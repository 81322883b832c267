"""Who acts: the hotline, departments, districts and their bureaus, streets, communities, public-service companies."""

from django.db import models

from huiyin.domain.vocabulary import UnitKind
from huiyin.registry.models.places import Area


class Unit(models.Model):
    code = models.CharField("代码", max_length=24, unique=True)
    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=60)
    kind = models.CharField("类别", max_length=20, choices=UnitKind.choices())
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位"
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="units", verbose_name="管辖区域"
    )
    district = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属区"
    )
    pinyin = models.CharField(max_length=240, blank=True)
    initials = models.CharField(max_length=80, blank=True)
    service = models.CharField("服务类别", max_length=20, blank=True)  # a company's trade: 供热, 燃气
    phone = models.CharField("联系电话", max_length=40, blank=True)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="unit_dates_in_order",
            )
        ]
        indexes = [models.Index(fields=["kind", "district"], name="unit_kind_district")]

    def __str__(self) -> str:
        return self.name


class ServiceArea(models.Model):
    """Where a public-service company serves; a company without any row serves the whole city."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="service_areas")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["unit_id", "area_id"]
        constraints = [models.UniqueConstraint(fields=["unit", "area"], name="service_area_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.area_id}"
