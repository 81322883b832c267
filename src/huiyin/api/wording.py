"""Says in Chinese what a checked parameter lacked; the checks themselves are pydantic's."""

from collections.abc import Mapping
from typing import Any

_SAYINGS: Mapping[str, str] = {
    "missing": "缺少此项",
    "extra_forbidden": "不认识的字段",
    "string_type": "应为文字",
    "string_too_short": "至少{min_length}个字",
    "string_too_long": "不能超过{max_length}个字",
    "string_pattern_mismatch": "格式不对",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "int_from_float": "应为整数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than_equal": "不能小于{ge}",
    "less_than_equal": "不能大于{le}",
    "greater_than": "应大于{gt}",
    "less_than": "应小于{lt}",
    "enum": "应为其中之一：{expected}",
    "literal_error": "应为其中之一：{expected}",
    "list_type": "应为列表",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "datetime_parsing": "不是有效的时间",
    "datetime_from_date_parsing": "不是有效的时间",
    "datetime_type": "不是有效的时间",
    "timezone_aware": "时间须带时区",
    "date_parsing": "不是有效的日期",
    "too_long": "不能超过{max_length}项",
    "value_error": "{error}",
}


def said_in_chinese(error: Mapping[str, Any]) -> str:
    saying = _SAYINGS.get(str(error.get("type")))
    if saying is None:
        return "内容不符合要求"
    return saying.format_map(_Gaps(error.get("ctx") or {}))


class _Gaps(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""
