"""Cases that were answered before `judged` was kept, by their histories: an answer stays one after 重办.

Apart from the column's own migration, whose lock on the whole table would otherwise last as long as this.
"""

from typing import ClassVar

from django.db import migrations

# Uses case_event_of_case for those without a valid answer now.
FILL = """
UPDATE hotline_case c SET judged = true
 WHERE NOT c.judged AND (c.callback_valid IS TRUE OR EXISTS (
       SELECT FROM case_event e
        WHERE e.case_id = c.id AND e.at >= c.registered_at AND e.sets ->> 'callback_valid' = 'true'))
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0008_case_judged")]
    operations: ClassVar = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
