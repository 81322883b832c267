"""Throws away what learning no longer needs: bytes of versions that nobody goes back to, old labels nobody gave."""

from datetime import datetime, timedelta
from typing import Final

from huiyin.learning import storing
from huiyin.learning.models import LabelledCase, ModelState, ModelVersion, Source

KEPT_VERSIONS: Final = 5  # of those that were in use; the way back
_REFUSED_KEPT = timedelta(days=7)
_CONFIRMED_KEPT = timedelta(days=400)  # what a person decided is kept


def prune(now: datetime) -> int:
    """Returns how many versions lost their bytes; their rows and cards stay."""
    LabelledCase.objects.filter(source=Source.CONFIRMED, registered_at__lt=now - _CONFIRMED_KEPT).delete()
    with_bytes = ModelVersion.objects.exclude(stored_as="")
    retired = with_bytes.filter(state=ModelState.RETIRED).order_by("-retired_at")[KEPT_VERSIONS:]
    refused = with_bytes.filter(state=ModelState.REFUSED, created_at__lt=now - _REFUSED_KEPT)
    gone = [*retired, *refused]
    for version in gone:
        stored_as, version.stored_as = version.stored_as, ""
        version.save(update_fields=["stored_as"])
        storing.discard(stored_as)
    return len(gone)
