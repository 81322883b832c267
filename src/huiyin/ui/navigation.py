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
    menu: str = ""  # shown in this menu instead of the bar itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry whose address is known."""

    entry: Entry
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Places under one heading, which stands where the first of them would."""

    label: str
    icon: str
    places: tuple[Place, ...]


def _entry(label: str, url_name: str, icon: str, hotkey: str, roles: Iterable[Role], *, menu: str = "") -> Entry:
    return Entry(label=label, url_name=url_name, icon=icon, roles=frozenset(roles), hotkey=hotkey, menu=menu)


_JUDGING, _MANAGING = "考评", "管理"
_ICONS = {_JUDGING: "trophy", _MANAGING: "settings"}


ENTRIES: tuple[Entry, ...] = (
    _entry("受理台", "intake:console", "headset", "g s", {Role.OPERATOR}),
    _entry("派单台", "dispatching:queue", "route", "g d", {Role.DISPATCHER}),
    _entry("单位工作台", "cases:desk", "inbox", "g u", {Role.HANDLER, Role.UNIT_HEAD}),
    _entry("登记", "intake:console", "plus", "g n", {Role.DISPATCHER, Role.HANDLER, Role.UNIT_HEAD}),
    _entry("回访台", "callbacks:queue", "phone-call", "g h", {Role.CALLBACK_AGENT}),
    _entry("总览", "cases:overview", "chart-bar", "g o", {*_CITY, Role.UNIT_HEAD, Role.DISPATCHER}),
    _entry("考评成绩", "evaluation:board", "trophy", "g b", Role, menu=_JUDGING),
    _entry(
        "剔除与申诉",
        "evaluation:reviews",
        "gavel",
        "g l",
        {Role.EVALUATOR, Role.CALLBACK_AGENT, Role.AUDITOR, Role.UNIT_HEAD, Role.HANDLER},
        menu=_JUDGING,
    ),
    _entry(
        "刷分核查",
        "evaluation:suspicions",
        "shield-search",
        "g f",
        {Role.EVALUATOR, Role.AUDITOR, Role.ANALYST, Role.LEADER},
        menu=_JUDGING,
    ),
    _entry(
        "无应答情况",
        "evaluation:nonresponse",
        "phone",
        "g g",
        {Role.EVALUATOR, Role.CALLBACK_AGENT, Role.AUDITOR, Role.ANALYST, Role.LEADER},
        menu=_JUDGING,
    ),
    _entry("考核期", "evaluation:periods", "calendar-event", "g e", {Role.EVALUATOR}, menu=_JUDGING),
    _entry("七有五性", "indicators:home", "chart-pie", "g q", {*_CITY, Role.UNIT_HEAD}, menu=_JUDGING),
    _entry(
        "点评会材料",
        "packs:packs",
        "report-analytics",
        "g v",
        {Role.LEADER, Role.EVALUATOR, Role.ANALYST, Role.AUDITOR, Role.UNIT_HEAD, Role.HANDLER},
        menu=_JUDGING,
    ),
    _entry(
        "治理与约谈",
        "governance:governed",
        "target",
        "g t",
        {Role.EVALUATOR, Role.LEADER, Role.UNIT_HEAD, Role.ANALYST, Role.AUDITOR},
        menu=_JUDGING,
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
        menu=_MANAGING,
    ),
    _entry("基础数据", "registry:home", "database", "g j", {Role.ADMINISTRATOR, Role.EVALUATOR}, menu=_MANAGING),
    _entry("批量导入", "intake:imports", "file-import", "g p", {Role.ADMINISTRATOR}, menu=_MANAGING),
    _entry("人员与岗位", "accounts:staff_list", "users-group", "g r", {Role.ADMINISTRATOR}, menu=_MANAGING),
    _entry(
        "信息查阅记录", "accounts:audit", "shield-search", "g a", {Role.AUDITOR, Role.ADMINISTRATOR}, menu=_MANAGING
    ),
    _entry("接口令牌", "api:tokens", "key", "g k", {Role.ADMINISTRATOR}, menu=_MANAGING),
    _entry("事件推送", "api:webhooks", "plug", "g w", {Role.ADMINISTRATOR}, menu=_MANAGING),
    _entry("运行监测", "ops:home", "activity", "g y", {Role.ADMINISTRATOR}, menu=_MANAGING),
    _entry("界面组件", "ui:guide", "layout-list", "g i", {Role.ADMINISTRATOR}, menu=_MANAGING),
)


@cache
def installed() -> tuple[Place, ...]:
    """The entries that lead somewhere in this installation, looked up once a process."""
    return tuple(Place(entry=entry, href=href) for entry in ENTRIES if (href := address_of(entry.url_name)))


def places_for(roles: frozenset[Role]) -> list[Place]:
    return [place for place in installed() if place.entry.roles & roles]


def bar_of(places: Iterable[Place]) -> list[Place | Menu]:
    """The bar's own places and the menus, in order; a menu with one place alone is that place."""
    menus: dict[str, list[Place]] = {}
    order: list[Place | str] = []
    for place in places:
        menu = place.entry.menu
        if menu and menu not in menus:
            order.append(menu)
        if menu:
            menus.setdefault(menu, []).append(place)
        else:
            order.append(place)
    return [one if isinstance(one, Place) else _shown(one, menus[one]) for one in order]


def _shown(label: str, places: list[Place]) -> Place | Menu:
    return places[0] if len(places) == 1 else Menu(label=label, icon=_ICONS[label], places=tuple(places))


def missing() -> list[str]:
    """Url names in the table that no room has installed."""
    there = {place.entry.url_name for place in installed()}
    return [entry.url_name for entry in ENTRIES if entry.url_name not in there]


@cache
def address_of(url_name: str) -> str | None:
    """None where no room has installed it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None
