"""Where things are: areas of the city, named places inside them, and the days that are worked."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from huiyin.domain.vocabulary import AreaKind, Term


class PlaceKind(Term):
    ESTATE = "estate", "小区"
    ROAD = "road", "道路"
    LANDMARK = "landmark", "地标"
    STATION = "station", "车站"
    COMMUNITY = "community", "社区"
    STREET = "street", "街道"


class Area(models.Model):
    """A district, street or community: `parent` is where it lies, `district` who administers it (荣华街道 → 经开区)."""

    code = models.CharField("代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("简称", max_length=40)
    kind = models.CharField("级别", max_length=12, choices=AreaKind.choices())
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    district = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属区"
    )
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="area_dates_in_order",
            )
        ]
        indexes = [models.Index(fields=["kind", "district"], name="area_kind_district")]

    def __str__(self) -> str:
        return self.name


class PlaceName(models.Model):
    """A name that citizens use for a spot: an estate, a station, a landmark, with the street that answers for it."""

    name = models.CharField("名称", max_length=60)
    aliases = ArrayField(models.CharField(max_length=60), verbose_name="别名", default=list, blank=True)
    kind = models.CharField("类别", max_length=12, choices=PlaceKind.choices())
    street = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="place_names", verbose_name="街道（乡镇）")
    community = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="社区（村）"
    )
    pinyin = models.CharField(max_length=200, blank=True)
    initials = models.CharField(max_length=60, blank=True)
    lon = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    lat = models.DecimalField("纬度", max_digits=9, decimal_places=6, null=True, blank=True)
    source = models.CharField("来源", max_length=40, blank=True)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["name", "street"], name="place_once_a_street")]

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A day that differs from the plain week, or a named holiday."""

    day = models.DateField("日期", primary_key=True)
    worked = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40, blank=True)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
