"""When a citizen was called in vain, so that the next attempt can lie in another part of the day than all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_notice_without_case")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="callback_tried",
            field=models.TextField(blank=True, default=""),
        ),
    ]
