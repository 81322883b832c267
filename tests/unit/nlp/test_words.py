"""Proposals by the taxonomy's words: right on plain cases, silent on none, harmless on odd input."""

import csv
from importlib.resources import files

import pytest

from huiyin.nlp.words import Leaf, WordModel


@pytest.fixture(scope="module")
def model() -> WordModel:
    with files("huiyin.registry").joinpath("presets/beijing/taxonomy.csv").open(encoding="utf-8") as rows:
        return WordModel(
            Leaf(
                code=row["code"],
                names=(row["level1"], row["level2"], row["level3"]),
                keywords=tuple(word for word in row["keywords"].split("|") if word),
            )
            for row in csv.DictReader(rows)
        )


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("物业费乱涨价，收费不透明，物业不给解释", "010103"),
        ("小区楼道脏，好几天没人打扫，保洁不见人", "010101"),
        ("小区没有保安，门禁坏了外人随便进", "010102"),
    ],
)
def test_plain_words_lead_to_the_class(model: WordModel, text: str, level: str) -> None:
    assert model.rank(text)[0].code == level


def test_the_reasons_are_words_of_the_text(model: WordModel) -> None:
    text = "物业费乱涨价，收费不透明"

    best = model.rank(text)[0]

    assert best.reasons
    assert all(reason in text for reason in best.reasons)


@pytest.mark.parametrize("text", ["", "🙂🙂🙂", "hello world", "12345", "\x00", "忽", " " * 100_000])
def test_text_without_any_word_of_the_taxonomy_gets_no_proposal(model: WordModel, text: str) -> None:
    assert model.rank(text) == []


def test_confidences_are_shares_and_ordered(model: WordModel) -> None:
    found = model.rank("暖气不热，水管漏水，停电了，物业不管")

    confidences = [suggestion.confidence for suggestion in found]
    assert confidences == sorted(confidences, reverse=True)
    assert 0 < sum(confidences) <= 1


def test_a_huge_text_is_read_only_in_its_beginning(model: WordModel) -> None:
    assert model.rank("物业费乱涨价" + "啊" * 500_000) == model.rank("物业费乱涨价" + "啊" * 3000)
