"""The command `huiyin callbacks`: recomputes a draw from a file and a seed, without a database."""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

import click

from huiyin.domain import sampling
from huiyin.domain.errors import InvalidData
from huiyin.domain.sampling import Drawn, Listed, SampleRule
from huiyin.tables.reading import BadFile, Rows

_NEEDED = ("case_no", "unit", "stratum")


@click.group()
def callbacks() -> None:
    """Check whom the hotline calls where not all are called (docs/callbacks.md)."""


@callbacks.command()
@click.option("--seed", required=True, help="The seed as it was revealed.")
@click.option(
    "--cases",
    "file",
    required=True,
    type=click.Path(path_type=Path, exists=True),
    help="The frame: csv, csv.gz or xlsx.",
)
@click.option("--width", help="Half of the interval's width, as 0.05 [default: the file's column half_width].")
@click.option("--confidence", default="0.95", show_default=True, help="Where the file has no column of it.")
@click.option("--floor", type=int, default=30, show_default=True, help="Where the file has no column of it.")
@click.option("--commitment", default="", help="What was published before; exit 1 where the seed is another.")
@click.option("--check", is_flag=True, help="Write only what differs from the column drawn; exit 1 if anything does.")
def draw(seed: str, file: Path, width: str | None, confidence: str, floor: int, commitment: str, check: bool) -> None:
    """Draw the sample of a frame once more: CSV of every case with its place, in the published order.

    The file has the columns case_no, unit and stratum; expected and before where the frame is one day of a period.
    """
    if commitment and sampling.commitment_of(seed) != commitment.lower():
        raise click.ClickException("种子与公布的承诺值不符")
    try:
        rows = _rows(file)
        drawn = _drawn(rows, seed, {"half_width": width, "confidence": confidence, "floor": str(floor)})
    except (BadFile, InvalidData) as wrong:
        raise click.ClickException(str(wrong)) from wrong
    if check:
        _compare(drawn, {row["case_no"]: row.get("drawn", "") for row in rows})
        return
    writer = csv.writer(sys.stdout)
    writer.writerow(("case_no", "unit", "stratum", "place", "rank", "drawn"))
    for one in drawn:
        listed = one.listed
        writer.writerow((listed.case_no, listed.unit, listed.stratum, one.place, one.rank, int(one.taken)))
    click.echo(f"共 {len(drawn)} 件，抽中 {sum(one.taken for one in drawn)} 件", err=True)


def _rows(file: Path) -> list[dict[str, str]]:
    table = Rows(file)
    try:
        heading = [name.strip().lower() for name in table.heading]
        missing = [name for name in _NEEDED if name not in heading]
        if missing:
            raise BadFile(f"缺少列：{'、'.join(missing)}")
        found = []
        for number, row in table:
            if isinstance(row, str):
                raise BadFile(f"第 {number} 行：{row}")
            found.append(dict(zip(heading, (cell.strip() for cell in row), strict=False)))
        return found
    finally:
        table.close()


def _drawn(rows: list[dict[str, str]], seed: str, given: Mapping[str, str | None]) -> list[Drawn]:
    """What the file says of a unit goes before what the options say; without `expected` the file is the whole frame."""
    sizes = Counter(row["unit"] for row in rows)
    shares: dict[str, Fraction] = {}
    for row in rows:
        unit = row["unit"]
        if unit not in shares:
            expected = _whole(row, "expected", sizes[unit])
            shares |= sampling.shares_of({unit: expected}, _rule(row, given))
    return sampling.draw(
        (Listed(case_no=row["case_no"], unit=row["unit"], stratum=row["stratum"]) for row in rows),
        seed=seed,
        shares=shares,
        before={(row["unit"], row["stratum"]): _whole(row, "before", 0) for row in rows},
    )


def _rule(row: Mapping[str, str], given: Mapping[str, str | None]) -> SampleRule:
    texts = {
        name: given["half_width"] if name == "half_width" and given[name] else row.get(name) or text
        for name, text in given.items()
    }
    if not texts["half_width"]:
        raise InvalidData({"half_width": "请用 --width 给出误差，或在文件中有 half_width 列"})
    try:
        return SampleRule(
            half_width=Decimal(str(texts["half_width"])),
            confidence=Decimal(str(texts["confidence"])),
            floor=int(str(texts["floor"])),
        )
    except (InvalidOperation, ValueError) as wrong:
        raise InvalidData({"half_width": f"误差、置信度和最少件数应为数字：{texts}"}) from wrong


def _whole(row: Mapping[str, str], name: str, default: int) -> int:
    text = row.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal()):
        raise BadFile(f"{name} 应为整数：{text}")
    return int(text)


def _compare(drawn: Iterable[Drawn], told: Mapping[str, str]) -> None:
    unlike = [one.listed.case_no for one in drawn if str(int(one.taken)) != told[one.listed.case_no]]
    for number in unlike[:50]:
        click.echo(f"{number} 与文件不符")
    if unlike:
        raise click.ClickException(f"{len(unlike)} 件与重算结果不符")
    click.echo("与重算结果一致")
