"""Decides which places the top bar offers to whom; a place whose page is not installed is left out."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse

from huiyin.domain.vocabulary import Role

_CITY = {Role.EVALUATOR, Role.ANALYST, Role.LEADER, Role.AUDITOR, Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place: where it leads, who sees it, how the keyboard gets there."""

    label: str
    url_name: str
    icon: str
    roles: frozenset[Role]
    hotkey: str
    managing: bool = False  # shown in the menu 管理 instead of the bar itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry whose address is known."""

    entry: Entry
    href: str


def _entry(
    label: str, url_name: str, icon: str, hotkey: str, roles: Iterable[Role], *, managing: bool = False
) -> Entry:
    return Entry(label=label, url_name=url_name, icon=icon, roles=frozenset(roles), hotkey=hotkey, managing=managing)


ENTRIES: tuple[Entry, ...] = (
    _entry("受理台", "intake:console", "headset", "g s", {Role.OPERATOR}),
    _entry("派单台", "dispatching:queue", "route", "g d", {Role.DISPATCHER}),
    _entry("单位工作台", "cases:desk", "inbox", "g u", {Role.HANDLER, Role.UNIT_HEAD}),
    _entry("登记", "intake:console", "plus", "g n", {Role.DISPATCHER, Role.HANDLER, Role.UNIT_HEAD}),
    _entry("回访台", "callbacks:queue", "phone-call", "g h", {Role.CALLBACK_AGENT}),
    _entry("总览", "cases:overview", "chart-bar", "g o", {*_CITY, Role.UNIT_HEAD, Role.DISPATCHER}),
    _entry("考评成绩", "evaluation:board", "trophy", "g b", Role),
    _entry(
        "剔除与申诉",
        "evaluation:reviews",
        "gavel",
        "g l",
        {Role.EVALUATOR, Role.CALLBACK_AGENT, Role.AUDITOR, Role.UNIT_HEAD, Role.HANDLER},
    ),
    _entry("考核期", "evaluation:periods", "calendar-event", "g e", {Role.EVALUATOR}),
    _entry("七有五性", "indicators:home", "chart-pie", "g q", {*_CITY, Role.UNIT_HEAD}),
    _entry(
        "点评会材料",
        "packs:packs",
        "report-analytics",
        "g v",
        {Role.LEADER, Role.EVALUATOR, Role.ANALYST, Role.AUDITOR, Role.UNIT_HEAD, Role.HANDLER},
    ),
    _entry("共性问题", "matching:matters", "git-merge", "g m", Role),
    _entry("案件查询", "cases:search", "search", "g c", Role),
    _entry("知识库", "knowledge:entries", "book", "g z", Role),
    _entry(
        "机器学习",
        "learning:home",
        "school",
        "g x",
        {Role.ANALYST, Role.ADMINISTRATOR, Role.DISPATCHER},
        managing=True,
    ),
    _entry("基础数据", "registry:home", "database", "g j", {Role.ADMINISTRATOR, Role.EVALUATOR}, managing=True),
    _entry("批量导入", "intake:imports", "file-import", "g p", {Role.ADMINISTRATOR}, managing=True),
    _entry("人员与岗位", "accounts:staff_list", "users-group", "g r", {Role.ADMINISTRATOR}, managing=True),
    _entry("信息查阅记录", "accounts:audit", "shield-search", "g a", {Role.AUDITOR, Role.ADMINISTRATOR}, managing=True),
    _entry("接口令牌", "api:tokens", "key", "g k", {Role.ADMINISTRATOR}, managing=True),
    _entry("事件推送", "api:webhooks", "plug", "g w", {Role.ADMINISTRATOR}, managing=True),
    _entry("运行监测", "ops:home", "activity", "g y", {Role.ADMINISTRATOR}, managing=True),
    _entry("界面组件", "ui:guide", "layout-list", "g i", {Role.ADMINISTRATOR}, managing=True),
)


@cache
def installed() -> tuple[Place, ...]:
    """The entries that lead somewhere in this installation, looked up once a process."""
    return tuple(Place(entry=entry, href=href) for entry in ENTRIES if (href := _address(entry.url_name)))


def places_for(roles: frozenset[Role]) -> list[Place]:
    return [place for place in installed() if place.entry.roles & roles]


def missing() -> list[str]:
    """Url names in the table that no room has installed."""
    there = {place.entry.url_name for place in installed()}
    return [entry.url_name for entry in ENTRIES if entry.url_name not in there]


def _address(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
