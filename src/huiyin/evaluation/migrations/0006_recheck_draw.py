"""Draws with what they were drawn from; of earlier ones that is told by when each exclusion was granted and revoked."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FILL = """
INSERT INTO assessment_recheck_draw (period_id, seed, drawn_at, drawn_by, exclusion_ids)
SELECT d.period_id, d.seed, d.drawn_at, '', ARRAY(
       SELECT x.id FROM assessment_exclusion x JOIN hotline_case c ON c.id = x.case_id
        WHERE c.registered_at >= d.begins_at AND c.registered_at < d.ends_at AND x.ruled_at <= d.drawn_at
          AND (x.ruling = 'granted' OR (x.ruling = 'revoked' AND x.revoked_at > d.drawn_at)) ORDER BY x.id)
  FROM (SELECT DISTINCT p.id AS period_id, p.begins_at, p.ends_at, r.seed, r.drawn_at
          FROM assessment_recheck r
          JOIN assessment_exclusion e ON e.id = r.exclusion_id
          JOIN hotline_case k ON k.id = e.case_id
          JOIN assessment_period p ON k.registered_at >= p.begins_at AND k.registered_at < p.ends_at) AS d
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("evaluation", "0005_nonresponse"), ("cases", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="RecheckDraw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seed", models.CharField(max_length=64)),
                (
                    "exclusion_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("drawn_at", models.DateTimeField()),
                ("drawn_by", models.CharField(blank=True, max_length=60)),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evaluation.period",
                    ),
                ),
            ],
            options={
                "db_table": "assessment_recheck_draw",
                "indexes": [models.Index(fields=["period", "drawn_at", "id"], name="assessment_draw_period")],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
