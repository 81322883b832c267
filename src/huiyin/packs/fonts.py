"""Finds a Chinese font on this machine for charts and PDF; without one nothing is made, and the refusal says why."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from huiyin.domain.errors import DomainError

# scripts/system_packages.sh installs fonts-noto-cjk, the first of these.
FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "HarmonyOS Sans SC",
    "WenQuanYi Micro Hei",
    "SimHei",
)
# Documents and slides are opened on office desktops, which have this one.
OFFICE = "微软雅黑"


class NoChineseFont(DomainError):
    """服务器上没有中文字体，不能绘制图表和制作 PDF。请安装字体包 fonts-noto-cjk 后重试。"""

    code = "no_chinese_font"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChineseFont:
    family: str
    folders: tuple[Path, ...]


@cache
def chinese_font() -> ChineseFont:
    """The best of FAMILIES that is installed. Raises NoChineseFont; a refusal is not remembered."""
    from matplotlib import font_manager

    for manager in (font_manager.fontManager, None):  # the remembered list first, then a fresh look at the disk
        entries = (manager or font_manager.FontManager()).ttflist
        files = {family: {Path(str(one.fname)).parent for one in entries if one.name == family} for family in FAMILIES}
        for family in FAMILIES:
            if files[family]:
                return ChineseFont(family=family, folders=tuple(sorted(files[family])))
    raise NoChineseFont
