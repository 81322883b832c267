"""Several querysets of one order read as one list, so that each can use an index of its own."""

from django.db.models import Q, QuerySet

from huiyin.cases.models import Case


class Several:
    """Querysets of one order read as one: what each gives for a page is merged, a row that two give counts once.

    So that a unit that leads some cases and is second-level in others reads both partial indexes in their order.
    """

    def __init__(self, *parts: QuerySet[Case], order: tuple[str, ...] = ()) -> None:
        self.parts, self.order = parts, order

    def order_by(self, *order: str) -> "Several":
        return Several(*(part.order_by(*order) for part in self.parts), order=order)

    def filter(self, *conditions: Q) -> "Several":
        return Several(*(part.filter(*conditions) for part in self.parts), order=self.order)

    def __getitem__(self, few: slice) -> list[Case]:
        rows = {row.pk: row for part in self.parts for row in part[few]}
        merged = list(rows.values())
        for name in reversed(self.order):
            merged.sort(key=lambda row: getattr(row, name.lstrip("-")), reverse=name.startswith("-"))
        return merged[few]
