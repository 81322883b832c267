"""The demo's accounts: one for every role and for units of every kind; they exist only where demo mode made them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from huiyin.accounts.models import Post, Staff
from huiyin.domain.vocabulary import Role, UnitKind
from huiyin.registry.models import Unit

PASSWORD = "huiyin-demo-12345"  # noqa: S105  # public on purpose: these accounts exist in demo mode only
_SINCE = date(2020, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """One offered account; `at` finds the unit."""

    username: str
    name: str
    roles: tuple[Role, ...]
    kind: UnitKind
    at: str = ""
    under: str = ""  # username of the persona below whose unit this one's unit lies


PERSONAS: tuple[Persona, ...] = (
    Persona(username="huawu", name="林晓雨", roles=(Role.OPERATOR,), kind=UnitKind.HOTLINE),
    Persona(username="paidan", name="周明远", roles=(Role.DISPATCHER,), kind=UnitKind.HOTLINE),
    Persona(username="huifang", name="何静怡", roles=(Role.CALLBACK_AGENT,), kind=UnitKind.HOTLINE),
    Persona(username="kaoping", name="郑立言", roles=(Role.EVALUATOR,), kind=UnitKind.HOTLINE),
    Persona(username="fenxi", name="许知微", roles=(Role.ANALYST,), kind=UnitKind.HOTLINE),
    Persona(username="lingdao", name="陈国平", roles=(Role.LEADER,), kind=UnitKind.HOTLINE),
    Persona(username="jiandu", name="方正义", roles=(Role.AUDITOR,), kind=UnitKind.HOTLINE),
    Persona(username="guanli", name="高远航", roles=(Role.ADMINISTRATOR,), kind=UnitKind.HOTLINE),
    Persona(
        username="qu", name="赵卫东", roles=(Role.UNIT_HEAD, Role.HANDLER), kind=UnitKind.DISTRICT_GOV, at="朝阳区"
    ),
    Persona(
        username="quju", name="孙丽华", roles=(Role.HANDLER,), kind=UnitKind.DISTRICT_BUREAU, at="城市管理", under="qu"
    ),
    Persona(username="jiezhang", name="王建国", roles=(Role.UNIT_HEAD, Role.HANDLER), kind=UnitKind.STREET, under="qu"),
    Persona(username="jiedao", name="李思琪", roles=(Role.HANDLER,), kind=UnitKind.STREET, under="qu"),
    Persona(username="shequ", name="刘桂芳", roles=(Role.HANDLER,), kind=UnitKind.COMMUNITY, under="jiedao"),
    Persona(
        username="weiban", name="吴海峰", roles=(Role.HANDLER, Role.UNIT_HEAD), kind=UnitKind.MUNICIPAL_DEPT, at="交通"
    ),
    Persona(
        username="qiye", name="马志强", roles=(Role.HANDLER, Role.UNIT_HEAD), kind=UnitKind.PUBLIC_ENTERPRISE, at="热力"
    ),
)


@transaction.atomic
def create_demo_staff() -> list[Staff]:
    """Make the accounts that are missing; running it again changes nothing. Units come from the registry's preset."""
    if not settings.DEMO:
        raise ImproperlyConfigured(
            "Demo accounts have a public password: set HUIYIN_DEMO=1 only where no real data is."
        )
    there: dict[str, Unit] = {}
    people = []
    hashed = make_password(PASSWORD)  # once: argon2 is slow by design
    for number, persona in enumerate(PERSONAS, start=1):
        unit = _unit_of(persona, there)
        if unit is None:
            continue
        there[persona.username] = unit
        people.append(_account(persona, number, unit, hashed))
    return people


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One account on the sign-in page."""

    pk: int
    title: str
    note: str
    icon: str


def offered() -> list[tuple[str, list[Card]]]:
    """For the sign-in page: the hotline's roles, then the units; one query."""
    posts = Post.objects.filter(staff__demo=True, staff__is_active=True).select_related("staff", "unit").order_by("id")
    people: dict[int, list[Post]] = {}
    for post in posts:
        people.setdefault(post.staff_id, []).append(post)
    hotline = [_hotline_card(held) for held in people.values() if held[0].unit.kind == UnitKind.HOTLINE]
    units = [_unit_card(held) for held in people.values() if held[0].unit.kind != UnitKind.HOTLINE]
    return [(title, cards) for title, cards in (("热线中心", hotline), ("承办单位", units)) if cards]


def _hotline_card(held: list[Post]) -> Card:
    role = Role(held[0].role)
    return Card(pk=held[0].staff_id, title=_titles(held), note=held[0].staff.name, icon=_ICONS[role])


def _unit_card(held: list[Post]) -> Card:
    """Units differ by name first: 建外街道, then 李思琪 · 承办人."""
    note = f"{held[0].staff.name} · {_titles(held)}"
    return Card(pk=held[0].staff_id, title=held[0].unit.short_name, note=note, icon=_ICONS[Role(held[0].role)])


def _titles(held: list[Post]) -> str:
    return "、".join(Role(post.role).label for post in held)


_ICONS = {
    Role.OPERATOR: "headset",
    Role.DISPATCHER: "route",
    Role.HANDLER: "inbox",
    Role.UNIT_HEAD: "building-bank",
    Role.CALLBACK_AGENT: "phone-call",
    Role.EVALUATOR: "scale",
    Role.ANALYST: "chart-line",
    Role.LEADER: "chart-bar",
    Role.AUDITOR: "shield-search",
    Role.ADMINISTRATOR: "settings",
}


def _account(persona: Persona, number: int, unit: Unit, hashed: str) -> Staff:
    staff = Staff.objects.filter(username=persona.username, demo=True).first()
    if staff is None:
        staff = Staff(username=persona.username, name=persona.name, staff_no=f"YS{number:03d}", demo=True)
        staff.password = hashed
        staff.save()
    for role in persona.roles:
        main = {"is_main": role == persona.roles[0], "valid_from": _SINCE}
        Post.objects.get_or_create(staff=staff, role=role.value, unit=unit, valid_to=None, defaults=main)
    return staff


def _unit_of(persona: Persona, there: dict[str, Unit]) -> Unit | None:
    """The first unit (by code) of the kind that fits; a whole group of people sits in one district and one street."""
    return next(_candidates(persona, there), None)


def _candidates(persona: Persona, there: dict[str, Unit]) -> Iterator[Unit]:
    units = Unit.objects.filter(kind=persona.kind.value, valid_to__isnull=True).order_by("code")
    above = there.get(persona.under)
    if above is not None:
        units = units.filter(parent=above)
    elif persona.under:
        return
    if persona.at:
        yield from units.filter(name__contains=persona.at)[:1]
    yield from units[:1]
