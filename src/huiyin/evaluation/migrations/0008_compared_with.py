import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0007_draft_as_of"),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="compared_with",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evaluation.version",
            ),
        ),
    ]
