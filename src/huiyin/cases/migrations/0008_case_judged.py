"""Whether a citizen has ever answered; the column has a default, so that what runs already may go on inserting."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0007_callback_tried")]
    operations: ClassVar = [
        migrations.AddField("case", "judged", models.BooleanField(default=False, db_default=False)),
    ]
