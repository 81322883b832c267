"""Takes in classes that people gave to past cases elsewhere: labels beside the cases, which stay as they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from huiyin.cases import numbers
from huiyin.cases.models import Case
from huiyin.learning.models import Kind, LabelledCase, Source
from huiyin.registry import rulebook

_BUNDLE: Final = 2_000


def take_in(rows: Sequence[tuple[str, str]], *, now: datetime) -> dict[str, int]:
    """`rows` are (case number, class code). A label that a person gave here is stronger and stays."""
    codes = rulebook.taxonomy(rulebook.current(now).taxonomy_id)
    wanted = {numbers.normalise(number): code for number, code in rows if code in codes}
    labelled = kept = 0
    for start in range(0, len(wanted), _BUNDLE):
        part = list(wanted)[start : start + _BUNDLE]
        cases = list(Case.objects.filter(case_no__in=part).values_list("id", "case_no", "registered_at"))
        ids = [case_id for case_id, _number, _at in cases]
        decided = LabelledCase.objects.filter(kind=Kind.CLASS, case_id__in=ids)
        stronger = set(decided.exclude(source__in=[Source.CONFIRMED, Source.IMPORT]).values_list("case_id", flat=True))
        made = [
            LabelledCase(
                case_id=case_id,
                kind=Kind.CLASS,
                final=wanted[number],
                source=Source.IMPORT,
                at=now,
                registered_at=registered_at,
            )
            for case_id, number, registered_at in cases
            if case_id not in stronger
        ]
        LabelledCase.objects.bulk_create(
            made, update_conflicts=True, unique_fields=["case", "kind"], update_fields=["final", "source", "at"]
        )
        labelled += len(made)
        kept += len(stronger)
    return {"rows": len(rows), "labelled": labelled, "kept": kept, "unknown": len(rows) - labelled - kept}
