"""A challenger replaces the champion only when it is better; the way back is one step; foreign bytes are refused."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from huiyin.domain.vocabulary import RequestType
from huiyin.learning import bundle, champion, drift, examples, pairs, promoting, pruning, scoring, training
from huiyin.learning.examples import Example, TooFewExamples
from huiyin.learning.models import Kind, LabelledCase, ModelState, ModelVersion, Source
from huiyin.learning.storing import BytesDiffer, BytesMissing
from tests.builders_city import NOW, People, replied
from tests.integration.learning.conftest import LIGHT, NOISE, copies, rows

pytestmark = pytest.mark.usefixtures("city")


def trained(*, mixed_up: bool = False, count: int = 160) -> training.Trained:
    return training.train(now=NOW, by="测试", given=rows(count, mixed_up=mixed_up), least=40)


@pytest.fixture
def first() -> ModelVersion:
    """Learned from classes that were mixed up: any right one is better."""
    version = trained(mixed_up=True).version
    return (
        version
        if version.state == ModelState.CHAMPION
        else promoting.promote(version.number, reason="测试需要", by="测试", now=NOW)
    )


def test_there_is_no_model_on_a_citys_first_day(db: None) -> None:
    assert champion.current() is None


def test_a_better_challenger_replaces_the_champion_and_is_used_at_once(first: ModelVersion) -> None:
    champion.warm()
    before = champion.current()

    better = trained()
    champion.forget()

    assert better.promoted
    first.refresh_from_db()
    assert first.state == ModelState.RETIRED
    assert before.version == first.number
    assert champion.current().version == better.version.number
    assert champion.current().classes.rank(rows(1)[0].text)[0].code == rows(1)[0].label


def test_one_that_is_not_better_is_refused_with_the_reason(first: ModelVersion) -> None:
    trained()

    again = trained()

    assert not again.promoted
    assert again.version.state == ModelState.REFUSED
    assert "未显著优于" in again.version.reason
    assert ModelVersion.objects.filter(state=ModelState.CHAMPION).count() == 1


def test_too_few_labels_train_nothing(db: None) -> None:
    with pytest.raises(TooFewExamples, match="只有30件"):
        training.train(now=NOW, by="测试", given=rows(30), least=40)
    assert not ModelVersion.objects.exists()


def test_a_big_group_may_not_collapse_whatever_is_gained() -> None:
    labels = [LIGHT] * 50 + [NOISE] * 400
    old = [True] * 50 + [False] * 400
    new = [True] * 30 + [False] * 20 + [True] * 400
    scores = [
        scoring.Scores(labels=labels, answers=[""] * 450, right=right, within_three=right, confidences=[0.5] * 450)
        for right in (old, new)
    ]

    verdict = scoring.compare(*scores)

    assert not verdict.better
    assert (verdict.gained, verdict.lost) == (400, 20)
    assert "跌到60%" in verdict.reason


def test_rolling_back_brings_the_last_one_into_use_again(first: ModelVersion) -> None:
    second = trained().version

    back = promoting.roll_back(None, reason="新版误判噪音", by="管理员", now=NOW + timedelta(hours=1))
    champion.forget()

    assert back.number == first.number
    assert champion.current().version == first.number
    second.refresh_from_db()
    assert second.state == ModelState.RETIRED


def test_bytes_that_are_not_the_registered_ones_are_never_loaded(first: ModelVersion) -> None:
    default_storage.delete(first.stored_as)
    default_storage.save(first.stored_as, ContentFile(b"something else"))
    champion.forget()

    assert champion.current() is None
    second = trained_beside(first)
    default_storage.delete(second.stored_as)
    with pytest.raises(BytesMissing):
        promoting.promote(second.number, reason="试用", by="管理员", now=NOW)
    default_storage.save(second.stored_as, ContentFile(b"something else"))
    with pytest.raises(BytesDiffer):
        promoting.promote(second.number, reason="试用", by="管理员", now=NOW)


def trained_beside(champion_row: ModelVersion) -> ModelVersion:
    """Another version, not in use."""
    champion_row.pk, champion_row.number, champion_row.state = None, champion_row.number + 1, ModelState.RETIRED
    champion_row.stored_as = default_storage.save("models/beside.npz", ContentFile(b"bytes"))
    champion_row.save(force_insert=True)
    return champion_row


def test_what_is_tested_came_later_than_all_that_was_learned(people: People) -> None:
    case = replied(people)
    ids = copies(case, 99)
    LabelledCase.objects.bulk_create(
        LabelledCase(
            case_id=case_id,
            kind=Kind.CLASS,
            final=LIGHT,
            source=Source.DISPATCHER,
            at=NOW,
            registered_at=NOW + timedelta(minutes=place // 2),
        )
        for place, case_id in enumerate(ids)
    )

    split = examples.split(examples.collect(now=NOW), least=40)
    test = examples.freeze(split.kept, now=NOW)

    assert max(example.at for example in split.learned) < min(example.at for example in split.kept)
    assert test.first_at == split.kept[0].at
    assert test.case_ids == [example.key for example in split.kept]


def test_a_correction_is_told_twice_and_no_text_is_kept() -> None:
    plain = Example(key=1, text="灯坏了", label=LIGHT, request_type=RequestType.HELP)
    against = Example(key=2, text="很吵", label=NOISE, request_type=RequestType.HELP, against=True)

    told = list(examples.told([plain, against]))

    assert [example.id for example in told] == ["1", "2", "2"]
    assert not {"text", "title", "content"} & {field.name for field in LabelledCase._meta.get_fields()}


def test_old_versions_lose_their_bytes_but_not_their_cards(first: ModelVersion) -> None:
    refused = trained_beside(first)
    refused.state, refused.created_at = ModelState.REFUSED, NOW - timedelta(days=8)
    refused.save()

    assert pruning.prune(NOW) == 1

    refused.refresh_from_db()
    assert refused.stored_as == ""
    assert refused.scores["test"]["cases"] > 0


def test_strange_words_and_a_shifted_mixture_show_as_drift() -> None:
    seen = pairs.seen_in(["楼道里的灯坏了", "邻居噪音扰民"])
    before, after = Counter({"0101": 500, "0501": 500}), Counter({"0101": 100, "0501": 900})

    shift, movers = drift.shift_between(before, after)

    assert pairs.unknown_share(["楼道里的灯坏了"], seen) == 0
    assert pairs.unknown_share(["充电桩占位"], seen) == 1
    assert pairs.unknown_share([], seen) is None
    assert shift == pytest.approx(0.4)
    assert movers[0] == ["0101", 0.5, 0.1]
    assert shift > 10 * drift.shift_by_chance(before, after.total())


def test_a_bundle_comes_back_as_it_went_in() -> None:
    parts = {"b": b"\x00\x01", "a": b""}

    assert bundle.unpack(bundle.pack(parts)) == parts
    assert bundle.pack(parts) == bundle.pack(dict(reversed(parts.items())))
    with pytest.raises(ValueError, match="bundle"):
        bundle.unpack(b"no zip")
