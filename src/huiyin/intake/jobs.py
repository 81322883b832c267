"""The room's jobs: checking and importing files of cases, throwing old ones away."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huiyin.intake.importing import uploads

_ONE_AT_A_TIME = "intake.file_import"  # an import holds its rows' interpreter in its process


@app.task(name="intake.check_file", lock=_ONE_AT_A_TIME)
def check_file(import_id: int) -> None:
    uploads.run(import_id, dry=True)


@app.task(name="intake.import_file", lock=_ONE_AT_A_TIME)
def import_file(import_id: int) -> None:
    uploads.run(import_id, dry=False)


@app.periodic(cron="51 3 * * *")
@app.task(name="intake.discard_old_imports", queueing_lock="intake.discard_old_imports")
def discard_old_imports(timestamp: int) -> None:
    uploads.discard_old(timezone.now())
