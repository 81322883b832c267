"""The demo city's texts: every leaf is written, every text is whole, the same seed says the same."""

import csv
import re
from collections import Counter
from datetime import datetime, timedelta, timezone
from importlib.resources import files
from random import Random

import pytest

from huiyin.domain.vocabulary import RequestType
from huiyin.ops.demo import texts
from huiyin.ops.demo.phrasebook import MOODS, UnknownSlot, compile_parts
from huiyin.ops.demo.typos import roughen

BEIJING = timezone(timedelta(hours=8))
PLACE = texts.PlaceWords(
    district="朝阳区",
    street="望京街道",
    community="花家地社区",
    estate="花家地南里",
    road="花家地街",
    building="5号楼",
)
BOOK = texts.load_phrases()
SUMMER, WINTER = datetime(2026, 7, 15, 10, tzinfo=BEIJING), datetime(2026, 12, 15, 10, tzinfo=BEIJING)


def _taxonomy() -> dict[str, list[RequestType]]:
    path = files("huiyin.registry.presets").joinpath("beijing", "taxonomy.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())
    by_label = {kind.label: kind for kind in RequestType}
    return {row["code"]: [by_label[label] for label in row["request_types"].split("|")] for row in rows}


TAXONOMY = _taxonomy()


def _many(count: int, seed: int) -> list[texts.GeneratedText]:
    rng, made = Random(seed), []
    for number in range(count):
        at = SUMMER + timedelta(hours=7 * number)
        leaf = texts.pick_leaf(rng=rng, at=at, phrasebook=BOOK)
        kind = texts.pick_type(rng=rng, leaf_code=leaf, allowed=TAXONOMY[leaf], phrasebook=BOOK)
        made.append(texts.make_request(rng=rng, leaf_code=leaf, request_type=kind, place=PLACE, at=at, phrasebook=BOOK))
    return made


def test_every_leaf_of_the_preset_has_at_least_six_templates():
    counts = Counter(template.leaf_code for template in BOOK.every_template())

    assert set(counts) == set(TAXONOMY)
    assert min(counts.values()) >= 6


def test_every_leaf_has_a_volume_and_its_group_a_reply():
    assert set(BOOK.leaves) == set(TAXONOMY)
    assert {code[:4] for code in TAXONOMY} == set(BOOK.replies)


def test_every_leaf_has_demands_of_its_own():
    said = Counter(demand.text for demands in BOOK.demands.values() for demand in demands)

    assert set(BOOK.demands) == set(TAXONOMY)
    assert min(len(demands) for demands in BOOK.demands.values()) >= 3
    assert max(said.values()) == 1


def test_no_template_is_shared_between_leaves():
    bodies = Counter(template.source[1] for template in BOOK.every_template())
    ids = Counter(template.template_id for template in BOOK.every_template())

    assert [body for body, count in bodies.items() if count > 1] == []
    assert max(ids.values()) == 1


def test_every_template_has_a_known_mood_that_its_leaf_can_use():
    needs = {"ask": RequestType.CONSULTATION, "suggest": RequestType.SUGGESTION, "praise": RequestType.PRAISE}
    wrong = [
        template.template_id
        for template in BOOK.every_template()
        if template.mood not in MOODS
        or (template.mood in needs and needs[template.mood] not in TAXONOMY[template.leaf_code])
    ]

    assert wrong == []


@pytest.mark.parametrize("leaf_code", sorted(TAXONOMY))
def test_every_allowed_type_of_a_leaf_can_be_said(leaf_code: str):
    for kind in TAXONOMY[leaf_code]:
        made = texts.make_request(
            rng=Random(5), leaf_code=leaf_code, request_type=kind, place=PLACE, at=SUMMER, phrasebook=BOOK
        )

        assert made.template_id.startswith(leaf_code)
        assert made.request_type is kind


def test_five_thousand_texts_are_whole_and_of_fitting_length():
    for made in _many(5_000, seed=11):
        assert not re.search(r"[{}|]|None", made.title + made.content), made
        assert 15 <= len(made.content) <= 300, made
        assert 2 <= len(made.title) <= 60, made
        assert made.request_type in TAXONOMY[made.leaf_code]


def test_the_same_seed_says_the_same():
    assert _many(200, seed=3) == _many(200, seed=3)
    assert _many(200, seed=3) != _many(200, seed=4)


def test_held_out_templates_and_demands_are_never_used():
    ids = [template.template_id for template in BOOK.every_template() if template.leaf_code == "030101"]
    held_out = frozenset([*ids[:3], "030101-d1"])
    rng = Random(1)

    made = [
        texts.make_request(
            rng=rng,
            leaf_code="030101",
            request_type=RequestType.COMPLAINT,
            place=PLACE,
            at=WINTER,
            phrasebook=BOOK,
            without=held_out,
        )
        for _ in range(300)
    ]

    assert {one.demand_id for one in made} == {"", "030101-d2", "030101-d3"}
    assert not {one.template_id for one in made} & held_out


def test_a_type_that_nobody_wrote_is_refused():
    with pytest.raises(texts.NoPhrase):
        texts.make_request(
            rng=Random(1),
            leaf_code="140501",
            request_type=RequestType.PRAISE,
            place=PLACE,
            at=SUMMER,
            phrasebook=BOOK,
        )


def test_heating_belongs_to_winter_and_flooded_roads_to_summer():
    def share(prefix: str, at: datetime) -> float:
        rng = Random(9)
        picked = [texts.pick_leaf(rng=rng, at=at, phrasebook=BOOK) for _ in range(6_000)]
        return sum(code.startswith(prefix) for code in picked) / len(picked)

    assert share("0301", WINTER) > 8 * share("0301", SUMMER)
    assert share("0303", SUMMER) > 3 * share("0303", WINTER)


def test_winter_words_stay_out_of_summer():
    rng = Random(2)
    july = "".join(
        texts.make_request(
            rng=rng,
            leaf_code="010303",
            request_type=RequestType.COMPLAINT,
            place=PLACE,
            at=SUMMER,
            phrasebook=BOOK,
        ).content
        for _ in range(200)
    )

    # The choice is drawn again up to three times, so a rare winter phrase may pass.
    assert july.count("冬天") <= 2


def test_an_unknown_slot_is_refused():
    with pytest.raises(UnknownSlot):
        compile_parts("{nowhere}没人管")


def test_noise_leaves_most_texts_as_they_are():
    clean = "小区的垃圾一直没人清运，希望物业尽快解决"
    rng = Random(8)

    unchanged = sum(roughen(rng, clean) == clean for _ in range(2_000)) / 2_000

    assert 0.6 < unchanged < 0.8


def test_the_same_thing_is_said_in_many_ways():
    contents = Counter(made.content for made in _many(3_000, seed=21))

    assert len(contents) > 2_950


def test_people_have_numbers_that_cannot_ring():
    rng = Random(4)

    people = [texts.make_person(rng) for _ in range(500)]

    assert all(re.fullmatch(r"154\d{8}", phone) for _, phone in people)
    assert all(2 <= len(name) <= 3 for name, _ in people)


@pytest.mark.parametrize("outcome", list(texts.Outcome))
def test_a_unit_replies_to_citizen_and_hotline(outcome: texts.Outcome):
    for leaf_code in TAXONOMY:
        reply = texts.make_reply(
            rng=Random(6),
            leaf_code=leaf_code,
            unit="望京街道办事处",
            title="暖气不热",
            place=PLACE,
            at=WINTER,
            phrasebook=BOOK,
            outcome=outcome,
        )

        assert not re.search(r"[{}]", reply.citizen + reply.hotline)
        assert len(reply.hotline) > 20


@pytest.mark.parametrize("kind", sorted(BOOK.notes))
def test_every_note_is_whole(kind: str):
    rng = Random(7)

    notes = {texts.make_note(rng=rng, kind=kind, place=PLACE, at=SUMMER, phrasebook=BOOK) for _ in range(60)}

    assert len(notes) >= 3
    assert not any("{" in note for note in notes)
