"""Keeps with each line the units that it added up."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0008_compared_with"),
    ]

    operations = [
        migrations.AddField(
            model_name="unitresult",
            name="adds_up",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None),
        ),
    ]
