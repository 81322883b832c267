"""Everything that the page of one case shows, gathered with a fixed number of queries, as this viewer may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from huiyin.accounts.viewer import Viewer
from huiyin.cases import desk, disclosure, journal, numbers, selectors
from huiyin.cases.models import Attachment, Case, CaseEvent
from huiyin.cases.presenters import lights, names
from huiyin.cases.presenters.buttons import Button, buttons
from huiyin.cases.presenters.rows import Flag, flags_of
from huiyin.cases.presenters.timeline import Line, Reader
from huiyin.domain.actions import Action
from huiyin.domain.vocabulary import Channel, RequestType, Satisfaction

_SAID = frozenset({Action.REGISTER, Action.SUPPLEMENT})  # what brings the citizen's own files


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the citizen said when asked; `unasked` if nobody was to call him and he said nothing."""

    unasked: bool
    contacted: bool | None
    solved: bool | None
    satisfaction: Satisfaction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    case: Case
    number: str
    title: str
    content: str
    identity: selectors.Identity
    may_reveal: bool
    channel: str
    request_type: str
    class_path: str
    place: str
    unit: str
    first_unit: str
    sub_unit: str
    co_units: str
    handler: str
    flags: Sequence[Flag]
    clocks: Sequence[lights.ShownClock]
    lines: Sequence[Line]  # newest first
    files: Sequence[Attachment]  # of the citizen; a unit's evidence stands at its answer
    merged_from: Sequence[Case]
    merged_into: Case | None
    buttons: Sequence[Button]
    answers: Answers | None


def sheet_of(viewer: Viewer, case: Case, now: datetime) -> Sheet:
    """`case` comes from selectors.find_case; about eight queries, whatever its history."""
    words = disclosure.words_for(viewer, case)
    files = list(case.attachments.order_by("id"))
    reader = Reader(case=case, masked=words, files=files)
    events = disclosure.events_told(journal.of_case(case.pk), case, whole_city=viewer.sees == "city")
    lines = reader.lines(events)
    said = {event.seq for event in events if event.action in _SAID}
    handler = reader.people.get(case.handler_id or 0, "")
    return Sheet(
        case=case,
        number=numbers.grouped(case.case_no),
        title=words(case.title),
        content=words(case.content),
        identity=selectors.masked_identity(case.requester),
        may_reveal=disclosure.may_reveal(viewer, case),
        channel=Channel(case.channel).label,
        request_type=RequestType(case.request_type).label,
        class_path=names.class_path(case.taxonomy_edition_id, case.class_code),
        place=names.whole_place(names.place_of(case), words(case.address)),
        unit=names.unit_name(case.lead_unit_id),
        first_unit=names.unit_name(case.first_unit_id) if case.first_unit_id != case.lead_unit_id else "",
        sub_unit=names.unit_name(case.sub_unit_id),
        co_units="、".join(names.unit_name(unit_id) for unit_id in case.co_unit_ids),
        handler=handler,
        flags=flags_of(case),
        clocks=lights.shown(case.clocks.all(), now),
        lines=lines[::-1],
        files=[file for file in files if file.event_seq in said],
        merged_from=selectors.merged_into(case),
        merged_into=Case.objects.filter(pk=case.merged_into_id).first() if case.merged_into_id else None,
        buttons=buttons(case, desk.allowed(case, viewer.actor())),
        answers=_answers(case, events),
    )


def lines_since(viewer: Viewer, case: Case, events: Sequence[CaseEvent]) -> list[Line]:
    """What others did meanwhile, for the one who comes second."""
    return Reader(case=case, masked=disclosure.words_for(viewer, case)).lines(events)


def _answers(case: Case, events: Sequence[CaseEvent]) -> Answers | None:
    if case.callback_valid is None:
        return None
    satisfaction = Satisfaction(case.satisfaction) if case.satisfaction else None
    return Answers(
        unasked=journal.ended_unasked(events),
        contacted=case.contacted,
        solved=case.solved,
        satisfaction=satisfaction,
    )
