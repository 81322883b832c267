"""A fourth kind of edition: the evaluation scheme. A city that stands already gets the shipped one from its first day."""

from typing import ClassVar

from django.db import migrations, models
from django.utils import timezone

from huiyin.registry.scheme import shipped_scheme

_KINDS = [
    ("taxonomy", "问题分类"),
    ("catalogue", "派单目录"),
    ("limits", "时限与参数"),
    ("evaluation", "考评方案"),
]


def _ship(apps, schema_editor):
    edition_model, parameter_model = apps.get_model("registry", "Edition"), apps.get_model("registry", "Parameter")
    first = edition_model.objects.filter(kind="limits", published_at__isnull=False).order_by("effective_from").first()
    if first is None or edition_model.objects.filter(kind="evaluation").exists():
        return
    scheme, now = shipped_scheme(), timezone.now()
    edition = edition_model.objects.create(
        kind="evaluation",
        number=1,
        effective_from=first.effective_from,
        published_at=now,
        author_name=first.author_name,
        note=scheme.name,
        created_at=now,
    )
    parameter_model.objects.bulk_create(
        parameter_model(edition=edition, key=key, value=value, label=scheme.labels[key])
        for key, value in scheme.values.items()
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0002_longer_parameters")]
    operations: ClassVar = [
        migrations.AlterField("edition", "kind", models.CharField("类别", max_length=12, choices=_KINDS)),
        migrations.RunPython(_ship, migrations.RunPython.noop),
    ]
