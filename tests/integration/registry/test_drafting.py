"""A new edition is made beside the one in force, holds from its moment on, and leaves old cases alone."""

from datetime import datetime, timedelta

import pytest

from huiyin.domain.calendar import CITY_ZONE
from huiyin.domain.vocabulary import ClockKind, Grade
from huiyin.registry import directory, drafting, errors, rulebook
from huiyin.registry.describing import differences
from huiyin.registry.models import (
    CaseClass,
    CatalogueRule,
    Edition,
    EditionKind,
    Limit,
    Parameter,
    Reason,
    RegistryChange,
)
from huiyin.registry.scheme import faults_of, shipped_scheme
from tests.integration.registry.conftest import KEEPER

pytestmark = pytest.mark.usefixtures("city")
NOW = datetime(2026, 3, 2, 9, tzinfo=CITY_ZONE)
APRIL = datetime(2026, 4, 1, tzinfo=CITY_ZONE)


def draft_of(kind: EditionKind) -> Edition:
    base = Edition.objects.get(kind=kind.value)
    return drafting.start_draft(kind, base=base, note="试改", by=KEEPER, now=NOW)


def shorten(draft: Edition, *, now: datetime = NOW) -> None:
    limit = Limit.objects.get(edition=draft, grade="normal", clock="handle")
    limit.amount = 5
    drafting.save_row(limit, by=KEEPER, now=now)


@pytest.mark.parametrize("kind", list(EditionKind))
def test_a_draft_is_a_whole_copy(kind: EditionKind) -> None:
    draft = draft_of(kind)

    base = Edition.objects.get(kind=kind.value, number=1)
    for model in drafting.TABLES[kind]:
        rows = model._default_manager
        assert rows.filter(edition=draft).count() == rows.filter(edition=base).count() > 0
        assert differences(model, rows.filter(edition=base), rows.filter(edition=draft)) == []


def test_a_change_holds_from_its_moment_and_old_cases_read_the_old_edition() -> None:
    old = rulebook.current(NOW).limits_id
    draft = draft_of(EditionKind.LIMITS)
    shorten(draft)
    drafting.publish(draft.pk, effective_from=APRIL, by=KEEPER, now=NOW)
    directory.reset()

    handle = (Grade.NORMAL, ClockKind.HANDLE)
    assert rulebook.current(APRIL - timedelta(seconds=1)).limits_id == old
    assert rulebook.current(APRIL).limits_id == draft.pk
    assert rulebook.rules(old).limits[handle].amount == 7
    assert rulebook.rules(draft.pk).limits[handle].amount == 5


def test_an_edition_in_force_is_never_altered() -> None:
    in_force = Edition.objects.get(kind="limits")
    limit = Limit.objects.get(edition=in_force, grade="normal", clock="handle")
    limit.amount = 1

    for attempt in (
        lambda: drafting.save_row(limit, by=KEEPER, now=NOW),
        lambda: drafting.remove_row(limit, by=KEEPER, now=NOW),
        lambda: drafting.publish(in_force.pk, effective_from=APRIL, by=KEEPER, now=NOW),
        lambda: drafting.withdraw(in_force.pk, by=KEEPER, now=NOW),
        lambda: drafting.discard(in_force.pk, by=KEEPER, now=NOW),
    ):
        with pytest.raises(errors.EditionInForce):
            attempt()

    assert Limit.objects.get(pk=limit.pk).amount == 7


def test_a_published_edition_may_be_changed_until_its_moment() -> None:
    draft = draft_of(EditionKind.LIMITS)
    drafting.publish(draft.pk, effective_from=APRIL, by=KEEPER, now=NOW)

    shorten(draft, now=APRIL - timedelta(hours=1))
    with pytest.raises(errors.EditionInForce):
        shorten(draft, now=APRIL)

    assert Limit.objects.get(edition=draft, grade="normal", clock="handle").amount == 5


def test_an_incomplete_edition_is_not_published() -> None:
    draft = draft_of(EditionKind.LIMITS)
    drafting.remove_row(Limit.objects.get(edition=draft, grade="critical", clock="sign"), by=KEEPER, now=NOW)
    Parameter.objects.filter(edition=draft, key="yellow_fraction").update(value="2")

    with pytest.raises(errors.EditionIncomplete) as refused:
        drafting.publish(draft.pk, effective_from=APRIL, by=KEEPER, now=NOW)

    assert "缺少特急的“签收”时限" in refused.value.message
    assert "yellow_fraction" in refused.value.message


def test_a_rule_for_an_unknown_department_stops_publication() -> None:
    draft = draft_of(EditionKind.CATALOGUE)
    CatalogueRule.objects.filter(edition=draft, target_name="市交通委").update(target_name="市无此委")

    with pytest.raises(errors.EditionIncomplete, match="市无此委"):
        drafting.publish(draft.pk, effective_from=APRIL, by=KEEPER, now=NOW)


@pytest.mark.parametrize("too_early", [NOW - timedelta(seconds=1), datetime(2018, 1, 1, tzinfo=CITY_ZONE)])
def test_an_edition_cannot_hold_from_the_past(too_early: datetime) -> None:
    draft = draft_of(EditionKind.LIMITS)

    with pytest.raises(errors.EffectiveTooEarly):
        drafting.publish(draft.pk, effective_from=too_early, by=KEEPER, now=NOW)


def test_two_editions_cannot_start_at_the_same_moment() -> None:
    first, second = draft_of(EditionKind.LIMITS), draft_of_again()
    drafting.publish(first.pk, effective_from=APRIL, by=KEEPER, now=NOW)

    with pytest.raises(errors.MomentTaken):
        drafting.publish(second.pk, effective_from=APRIL, by=KEEPER, now=NOW)


def draft_of_again() -> Edition:
    base = Edition.objects.get(kind="limits", number=1)
    return drafting.start_draft(EditionKind.LIMITS, base=base, note="再改", by=KEEPER, now=NOW)


def test_a_withdrawn_edition_is_a_draft_again_and_can_be_discarded() -> None:
    draft = draft_of(EditionKind.LIMITS)
    drafting.publish(draft.pk, effective_from=APRIL, by=KEEPER, now=NOW)

    with pytest.raises(errors.EditionInForce, match="先撤回"):
        drafting.discard(draft.pk, by=KEEPER, now=NOW)
    drafting.withdraw(draft.pk, by=KEEPER, now=NOW)
    drafting.discard(draft.pk, by=KEEPER, now=NOW)
    directory.reset()

    assert not Edition.objects.filter(pk=draft.pk).exists()
    assert rulebook.current(APRIL).limits_id == Edition.objects.get(kind="limits").pk


def test_differences_name_what_was_added_removed_and_changed() -> None:
    draft = draft_of(EditionKind.TAXONOMY)
    old = Edition.objects.get(kind="taxonomy", number=1)
    changed = CaseClass.objects.get(edition=draft, code="010101")
    changed.urgency = "urgent"
    drafting.save_row(changed, by=KEEPER, now=NOW)
    drafting.remove_row(CaseClass.objects.get(edition=draft, code="010102"), by=KEEPER, now=NOW)
    changed.pk, changed.code, changed.level3 = None, "010199", "其他物业问题"
    drafting.save_row(changed, by=KEEPER, now=NOW)

    rows = CaseClass.objects.order_by("code")
    found = {
        d.title.split()[0]: d for d in differences(CaseClass, rows.filter(edition=old), rows.filter(edition=draft))
    }

    assert {code: d.kind for code, d in found.items()} == {"010101": "changed", "010102": "removed", "010199": "added"}
    assert [(f.label, f.before, f.after) for f in found["010101"].fields] == [("默认分级", "一般", "紧急")]


def test_every_step_is_in_the_history_with_before_and_after() -> None:
    draft = draft_of(EditionKind.LIMITS)
    shorten(draft)
    drafting.publish(draft.pk, effective_from=APRIL, by=KEEPER, now=NOW)

    told = list(RegistryChange.objects.order_by("id").values_list("model", "staff_name", "before", "after"))

    assert [row[0] for row in told] == ["edition", "limit", "edition"]
    assert all(row[1] == KEEPER.name for row in told)
    assert told[1][2:] == ({"amount": 7}, {"amount": 5})


def test_saving_a_row_unchanged_leaves_no_trace() -> None:
    draft = draft_of(EditionKind.LIMITS)
    before = RegistryChange.objects.count()

    drafting.save_row(Reason.objects.filter(edition=draft).first(), by=KEEPER, now=NOW)  # type: ignore[arg-type]

    assert RegistryChange.objects.count() == before


def test_a_scheme_counts_nobody_on_what_he_is_not_asked() -> None:
    values = dict(shipped_scheme().values)

    assert faults_of(values) == {}
    assert faults_of({**values, "types_without_resolution": "help"}) == {
        "types_without_resolution": "建议回访时不问是否解决，须列入这里或不参评的诉求类型"
    }
