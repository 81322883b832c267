"""The model card: what a version was trained and tested on, how it did, what it is for and what it cannot do."""

from typing import Any

from huiyin.learning.models import ModelState, ModelVersion, Source

_USE = "为登记的诉求建议问题分类，并由此建议承办单位；建议均可由人更正。"
_LIMITS = (
    "只认识训练期内出现过的说法；新问题、新说法出现后，要有人更正若干件并重新训练才会认识。",
    "检验集的类别由人选定，人选错时按错的计；不含未派单、作废、并单的案件。",
    "不用于评价诉求人，不读取姓名、电话。",
)


def card_of(version: ModelVersion) -> dict[str, Any]:
    test = version.test
    return {
        "number": version.number,
        "state": version.state,
        "state_label": ModelState(version.state).label,
        "reason": version.reason,
        "made_by": version.made_by,
        "created_at": version.created_at.isoformat(),
        "parent": version.parent.number if version.parent else None,
        "sha256": version.sha256,
        "bytes": version.size,
        "use": _USE,
        "limits": list(_LIMITS),
        "trained_on": version.trained_on,
        "trained_from": version.trained_from.isoformat() if version.trained_from else None,
        "trained_to": version.trained_to.isoformat() if version.trained_to else None,
        "frozen_test": {
            "id": test.pk,
            "cases": len(test.case_ids),
            "from": test.first_at.isoformat(),
            "to": test.last_at.isoformat(),
            "sha256": test.sha256,
        }
        if test
        else None,
        "scores": version.scores,
        "unit_calibration": version.calibration,
    }


def as_markdown(card: dict[str, Any]) -> str:
    scores, test = card["scores"], card["frozen_test"]
    lines = [
        f"# 问题分类模型 第{card['number']}版（{card['state_label']}）",
        "",
        f"用途：{card['use']}",
        "",
        f"- 训练：{card['trained_on']} 件，{card['trained_from'] or '文件'} 至 {card['trained_to'] or '文件'}",
        f"- 检验：{scores['test']['cases']} 件" + (f"，{test['from']} 至 {test['to']}" if test else "，文件末段"),
        f"- {_figures(scores['test'])}",
        f"- 同一检验集上的对手（{scores['before']['name']}）：准确率 {scores['before']['accuracy']:.1%}",
        f"- 结论：{card['reason']}",
        f"- 文件：{card['bytes']} 字节，sha256 {card['sha256']}",
        "",
        "局限：",
        *(f"- {words}" for words in card["limits"]),
    ]
    return "\n".join(lines)


def _figures(test: dict[str, Any]) -> str:
    parts = (
        ("准确率", "accuracy", ".1%"),
        ("宏平均 F1", "macro_f1", ".3f"),
        ("前三命中", "top3", ".1%"),
        ("校准误差", "ece", ".3f"),
    )
    return "，".join(f"{label} {test[name]:{form}}" for label, name, form in parts)


def sources_of(version: ModelVersion) -> list[tuple[str, int]]:
    """Who gave the labels that it learned from, the most first."""
    counted = version.scores["sources"].items()
    return [(Source(name).label, count) for name, count in sorted(counted, key=lambda item: -item[1])]
