"""The command `huiyin nlp evaluate answer`: how often the right passage is found for a question, and how honestly.

Recall is that of the index as it ships, nothing is fitted to the file. Only the probability that the first passage is
right is: it is fitted on four fifths of the queries and judged on the fifth, in turn.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import rich.console
import rich.progress

from huiyin.nlp.plain_bm25 import PlainBm25
from huiyin.nlp.retrieval import Hit, Index, Passage
from huiyin.nlp.retrieval_odds import fit
from huiyin.ops.nlp.result import print_result
from huiyin.tables.columns import read_columns
from huiyin.tables.reading import BadFile

# An account named in question and reply alike (网友“A00023583”) would give the answer away.
_ACCOUNT = re.compile(r"(?:网友)?\s*[“\"']?(?<![A-Za-z0-9])(?:[AU]{1,3}\d{5,}|UU\d{3,})[”\"']?")
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class _Query:
    headline: str
    text: str
    answer: str


@dataclass(slots=True)
class _Run:
    hits: list[list[Hit]]
    ranks: list[int | None]
    milliseconds: list[float]


@click.command()
@click.option("--corpus", required=True, type=click.Path(path_type=Path), help="What can be found: csv(.gz) or xlsx.")
@click.option("--queries", required=True, type=click.Path(path_type=Path), help="What is asked; may be the same file.")
@click.option("--corpus-id", default="id", show_default=True, help="Column.")
@click.option("--corpus-text", default="text", show_default=True, help="Columns, joined by comma.")
@click.option("--corpus-title", default="title", show_default=True, help="Column, used if there is one; '' for none.")
@click.option("--corpus-question", default="question", show_default=True, help="Column; several forms are split at |.")
@click.option("--query-text", default="text", show_default=True, help="Columns; of several the first is the headline.")
@click.option("--query-answer", default="answer", show_default=True, help="Column with the right id, or nothing.")
@click.option("--keep-accounts", is_flag=True, help="Leave account codes in the texts (they give answers away).")
@click.option("--threshold", default=0.5, show_default=True, type=click.FloatRange(0, 1), help="Least probability.")
def answer(**given: object) -> None:
    """Measure how the right passage is found for each query; plain BM25 runs beside it."""
    options = _Options(**given)  # type: ignore[arg-type]  # click has checked the kinds
    try:
        keys, passages = _corpus(options)
        queries = _queries(options)
    except BadFile as exc:
        raise click.ClickException(str(exc)) from exc
    known = {key: number for number, key in enumerate(keys)}
    strangers = sum(1 for query in queries if query.answer and query.answer not in known)
    if strangers == len([query for query in queries if query.answer]):
        raise click.ClickException(f"没有一个查询的答案在语料中（{options.query_answer} 对 {options.corpus_id}）")
    wanted = [known.get(query.answer) if query.answer else None for query in queries]
    began = time.perf_counter()
    index = Index(passages)
    built = time.perf_counter() - began
    run = _search(index, queries, wanted)
    right = [
        number is not None and bool(hits) and hits[0].key == number
        for hits, number in zip(run.hits, wanted, strict=True)
    ]
    sure = _out_of_fold(run.hits, right)
    found = {
        "corpus": len(passages),
        "queries": len(queries),
        "with_answer": sum(number is not None for number in wanted),
        **_recall(run.ranks, wanted),
        "bm25_recall_at_1": _plain(passages, queries, wanted),
        **_honesty(sure, right, options.threshold),
        "ms_per_query": float(np.mean(run.milliseconds)),
        "p95_ms": float(np.percentile(run.milliseconds, 95)),
        "build_seconds": built,
    }
    print_result(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    corpus: Path
    queries: Path
    corpus_id: str
    corpus_text: str
    corpus_title: str
    corpus_question: str
    query_text: str
    query_answer: str
    keep_accounts: bool
    threshold: float

    def clean(self, text: str) -> str:
        return text if self.keep_accounts else _ACCOUNT.sub(" ", text)


def _corpus(options: _Options) -> tuple[list[str], list[Passage]]:
    texts = _names(options.corpus_text)
    own_title = options.corpus_title if options.corpus_title not in texts else ""
    # One file as both sides: its title belongs to the question, and must not stand beside the answer.
    if own_title and options.corpus == options.queries and own_title in _names(options.query_text):
        own_title = ""
    optional = [name for name in (own_title, options.corpus_question) if name]
    rows = read_columns(options.corpus, [options.corpus_id, *texts], optional=optional)
    keys = [row[options.corpus_id] for row in rows]
    if len(set(keys)) < len(keys):
        raise BadFile(f"{options.corpus.name} 的 {options.corpus_id} 列有重复")
    passages = [
        Passage(
            key=number,
            text=options.clean(" ".join(row[name] for name in texts)),
            title=options.clean(row.get(own_title, "")) if own_title else "",
            questions=tuple(form for form in options.clean(row.get(options.corpus_question, "")).split("|") if form),
        )
        for number, row in enumerate(rows)
    ]
    return keys, passages


def _queries(options: _Options) -> list[_Query]:
    texts = _names(options.query_text)
    rows = read_columns(options.queries, [*texts, options.query_answer])
    headline = texts[0] if len(texts) > 1 else ""
    return [
        _Query(
            headline=options.clean(row[headline]) if headline else "",
            text=options.clean(" ".join(row[name] for name in texts if name != headline)),
            answer=row[options.query_answer],
        )
        for row in rows
    ]


def _names(columns: str) -> list[str]:
    return [name.strip() for name in columns.split(",") if name.strip()]


def _search(index: Index, queries: Sequence[_Query], wanted: Sequence[int | None]) -> _Run:
    run = _Run([], [], [])
    with rich.progress.Progress(console=rich.console.Console(stderr=True), transient=True) as progress:
        for query, number in progress.track(list(zip(queries, wanted, strict=True)), description="检索"):
            began = time.perf_counter()
            hits = index.search(query.text, headline=query.headline, limit=10)
            run.milliseconds.append((time.perf_counter() - began) * 1000)
            run.hits.append(hits)
            run.ranks.append(None if number is None else index.rank_of(number, query.text, headline=query.headline))
    return run


def _recall(ranks: Sequence[int | None], wanted: Sequence[int | None]) -> dict[str, float]:
    asked = [rank for rank, number in zip(ranks, wanted, strict=True) if number is not None]
    within = {depth: sum(rank is not None and rank <= depth for rank in asked) / len(asked) for depth in (1, 5, 10)}
    return {
        **{f"recall_at_{depth}": share for depth, share in within.items()},
        "mrr": sum(1 / rank for rank in asked if rank) / len(asked),
    }


def _plain(passages: Sequence[Passage], queries: Sequence[_Query], wanted: Sequence[int | None]) -> float:
    plain = PlainBm25([f"{' '.join(passage.questions)} {passage.title} {passage.text}" for passage in passages])
    right = [
        int(np.argmax(plain.scores(f"{query.headline} {query.text}"))) == number
        for query, number in zip(queries, wanted, strict=True)
        if number is not None
    ]
    return sum(right) / len(right)


def _out_of_fold(hits: Sequence[Sequence[Hit]], right: Sequence[bool]) -> list[float]:
    """Each query's probability by a curve that never saw it."""
    folds = np.random.default_rng(12345).permutation(len(hits)) % _FOLDS
    sure = [0.0] * len(hits)
    for fold in range(min(_FOLDS, len(hits))):
        others = [number for number in range(len(hits)) if folds[number] != fold] or list(range(len(hits)))
        odds = fit([hits[number] for number in others], [right[number] for number in others])
        for number in np.flatnonzero(folds == fold):
            sure[number] = odds.of(hits[number])
    return sure


def _honesty(sure: Sequence[float], right: Sequence[bool], threshold: float) -> dict[str, float]:
    answered = [good for probability, good in zip(sure, right, strict=True) if probability >= threshold]
    bins = np.minimum((np.asarray(sure) * 10).astype(int), 9)
    gap = sum(
        abs(np.asarray(sure)[bins == one].sum() - np.asarray(right, dtype=float)[bins == one].sum())
        for one in range(10)
    )
    return {
        "threshold": threshold,
        "answered": len(answered) / len(sure),
        "wrong_when_answered": 1 - sum(answered) / len(answered) if answered else 0.0,
        "ece": float(gap / len(sure)),
    }
