"""The evaluation scheme (考评方案) as an edition: what is wrong with its figures, and the shipped one."""

from collections.abc import Mapping
from datetime import datetime

from huiyin.analytics.shipped import DEFAULT, ShippedScheme, shipped
from huiyin.domain.errors import InvalidData
from huiyin.domain.moves.callback import UNSOLVABLE
from huiyin.domain.schemes import rules_from
from huiyin.registry.models import Edition, EditionKind, Parameter


def faults_of(values: Mapping[str, str]) -> dict[str, str]:
    """By key what is missing, wrong or does not fit together; empty if a period can be judged by these figures."""
    try:
        entering = rules_from("", values).entering
    except InvalidData as refusal:
        return refusal.errors
    # Nobody is asked whether these were solved: counted on resolution, each of them would be a no.
    unasked = sorted(UNSOLVABLE - entering.never - entering.without_resolution)
    named = "、".join(kind.label for kind in unasked)
    return {"types_without_resolution": f"{named}回访时不问是否解决，须列入这里或不参评的诉求类型"} if named else {}


def shipped_scheme(name: str = DEFAULT) -> ShippedScheme:
    """The newest shipped version of this name; a city starts from it and publishes its own."""
    return max((one for one in shipped() if one.name == name), key=lambda one: one.effective_from)


def first_edition(*, since: datetime, now: datetime, author: str) -> Edition | None:
    """The shipped default in force from the city's first day on; None where the city has a scheme already."""
    if Edition.objects.filter(kind=EditionKind.EVALUATION.value).exists():
        return None
    scheme = shipped_scheme()
    edition = Edition.objects.create(
        kind=EditionKind.EVALUATION.value,
        number=1,
        effective_from=since,
        published_at=now,
        author_name=author,
        note=scheme.name,
        created_at=now,
    )
    Parameter.objects.bulk_create(
        Parameter(edition=edition, key=key, value=value, label=scheme.labels[key])
        for key, value in scheme.values.items()
    )
    return edition
