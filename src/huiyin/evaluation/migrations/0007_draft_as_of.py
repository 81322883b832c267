from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0006_recheck_draw"),
    ]

    operations = [
        migrations.AddField(
            model_name="work",
            name="draft_as_of",
            field=models.DateTimeField(null=True),
        ),
    ]
