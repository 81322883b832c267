"""Says who is looking: roles, unit, and how far the view reaches (city, district, or own unit and below)."""

from dataclasses import dataclass
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from huiyin.accounts.models import Post, Staff
from huiyin.domain.case import Actor
from huiyin.domain.vocabulary import HOTLINE_ROLES, ActorKind, Role, UnitKind
from huiyin.registry import directory

Sees = Literal["city", "district", "unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A member of staff at the unit where the person works at the moment; the roles are those of the posts there."""

    staff_id: int
    name: str
    roles: frozenset[Role]
    unit_id: int | None
    unit_name: str
    unit_kind: UnitKind | None
    district_id: int | None
    sees: Sees
    unit_ids: frozenset[int]
    posted_unit_ids: tuple[int, ...]

    @property
    def title(self) -> str:
        """单位 · 角色、角色, as shown beside the name."""
        words = "、".join(role.label for role in Role if role in self.roles)
        return f"{self.unit_name} · {words}" if words else "暂无岗位"

    @property
    def has_several_posts(self) -> bool:
        return len(self.posted_unit_ids) > 1

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    def actor(self) -> Actor:
        return Actor(
            kind=ActorKind.STAFF,
            id=self.staff_id,
            name=self.name,
            roles=self.roles,
            unit_id=self.unit_id,
            unit_ids=self.unit_ids,
            district_id=self.district_id if self.sees == "district" else None,
            whole_city=self.sees == "city",
        )


def viewer_of(user: Staff | AnonymousUser) -> Viewer:
    """The viewer behind request.user, read once a request (one query)."""
    if not isinstance(user, Staff) and not getattr(user, "is_authenticated", False):
        raise PermissionDenied("请先登录。")
    return user.viewer


def read_viewer(staff: Staff) -> Viewer:
    posts = list(Post.objects.filter(staff=staff).valid_on(timezone.localdate()).order_by("-is_main", "id"))
    unit_ids = tuple(dict.fromkeys(post.unit_id for post in posts))
    unit_id = staff.active_unit_id if staff.active_unit_id in unit_ids else next(iter(unit_ids), None)
    unit = directory.units().get(unit_id) if unit_id else None
    roles = frozenset(Role(post.role) for post in posts if post.unit_id == unit_id)
    if unit is None or unit.kind is not UnitKind.HOTLINE:
        roles -= HOTLINE_ROLES
    return Viewer(
        staff_id=staff.pk,
        name=staff.name,
        roles=roles,
        unit_id=unit_id,
        unit_name=unit.short_name if unit else "",
        unit_kind=unit.kind if unit else None,
        district_id=unit.district_id if unit else None,
        sees=_reach(unit.kind if unit else None),
        unit_ids=directory.subtree_unit_ids(unit_id) if unit_id and unit else frozenset(),
        posted_unit_ids=unit_ids,
    )


def _reach(kind: UnitKind | None) -> Sees:
    if kind == UnitKind.HOTLINE:
        return "city"
    return "district" if kind == UnitKind.DISTRICT_GOV else "unit"
