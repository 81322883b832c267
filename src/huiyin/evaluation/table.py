"""A group's ranking as a table for other programs: one line a unit, exact counts and the published figures."""

import csv
from typing import Any

from huiyin.domain.evaluation import half_even
from huiyin.evaluation import selectors
from huiyin.evaluation.models import Version
from huiyin.evaluation.vocabulary import Group

HEADINGS = (
    "名次", "单位代码", "单位", "诉求量", "有效回访", "已联系", "已解决", "满意", "基本满意", "建议", "上期结转",
    "剔除", "挂账", "不计入总量", "尚未回访", "回访无效", "响应率", "解决率", "满意率", "综合成绩", "上期名次",
    "上期成绩", "解决率下限", "解决率上限", "解决率稳健估计", "名次下限", "名次上限",
)  # fmt: skip
_PLACES = 6


def write(out: Any, version: Version, group: Group) -> None:
    """CSV into anything that can be written to; rates as decimals, empty where there is none."""
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    places = selectors.scheme_of(version).score_places
    for line in selectors.board(version, group):
        result, rates = line.result, line.rates
        counts = [getattr(line.counts, name) for name in selectors.COUNTED]
        beside = [result.excluded, result.suspended, result.exempt, result.not_asked, result.invalid]
        shares = [rates.response, rates.resolution, rates.satisfaction] if rates else [None] * 3
        writer.writerow(
            [
                result.rank or "",
                line.unit.code,
                line.name,
                *counts,
                *beside,
                *["" if one is None else half_even(one, _PLACES) for one in shares],
                "" if result.score is None else round(result.score, places),
                result.rank_before or "",
                "" if result.score_before is None else round(result.score_before, places),
                *[
                    "" if one is None else f"{one:.{_PLACES}f}"
                    for one in (result.resolution_low, result.resolution_high, result.resolution_shrunken)
                ],
                result.rank_low or "",
                result.rank_high or "",
            ]
        )
