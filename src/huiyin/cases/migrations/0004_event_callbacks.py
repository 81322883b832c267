"""Which cases were called back in a period: the evaluation starts from these events."""

from typing import ClassVar

from django.db import migrations

_MAKE = """
CREATE INDEX IF NOT EXISTS case_event_callbacks ON case_event (at) INCLUDE (case_id) WHERE action = 'record_callback'
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0003_search_by_other_units")]
    operations: ClassVar = [migrations.RunSQL(_MAKE, "DROP INDEX IF EXISTS case_event_callbacks")]
