"""Writes entries: each change appends a version; who may propose, who may publish."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huiyin.accounts.viewer import Viewer
from huiyin.domain.errors import DomainError, InvalidData
from huiyin.domain.fields import UNSTORABLE
from huiyin.domain.vocabulary import Role
from huiyin.knowledge import gaps
from huiyin.knowledge.models import Entry, EntryVersion, State
from huiyin.knowledge.revision import renew

# What is published speaks for the whole city, so only the hotline's own people publish; a unit's head proposes.
PUBLISHERS = frozenset({Role.ANALYST, Role.EVALUATOR, Role.ADMINISTRATOR})
PROPOSERS = PUBLISHERS | {Role.UNIT_HEAD}
_MOST_QUESTIONS = 30


class MayNotPublish(DomainError):
    """只有热线的分析员、考评员和管理员可以发布知识条目；承办单位负责人可以为本单位拟稿送审。"""

    code = "may_not_publish"


class EntryChanged(DomainError):
    """这个条目刚刚被他人修改过，请查看最新版本后再改。"""

    code = "entry_changed"


class NothingToDo(DomainError):
    """内容没有变化，或者已经是这个状态。"""

    code = "nothing_to_do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What an editor writes."""

    title: str
    answer: str
    source: str
    owner_id: int
    valid_from: date
    questions: tuple[str, ...] = ()
    issuer: str = ""
    link: str = ""
    area_id: int | None = None
    class_codes: tuple[str, ...] = ()
    valid_until: date | None = None
    review_date: date | None = None
    public: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Who writes: a member of staff, or the system itself for an import by command."""

    id: int | None
    name: str
    publishes: bool
    unit_ids: frozenset[int] = frozenset()

    def may_write_for(self, owner_id: int) -> bool:
        return self.publishes or owner_id in self.unit_ids


SYSTEM = Editor(id=None, name="系统导入", publishes=True)
FIELDS = tuple(name for name in Content.__dataclass_fields__ if name != "note")


def editor_of(viewer: Viewer) -> Editor:
    return Editor(id=viewer.staff_id, name=viewer.name, publishes=may_publish(viewer), unit_ids=viewer.unit_ids)


def may_publish(viewer: Viewer) -> bool:
    return viewer.sees == "city" and viewer.has(*PUBLISHERS)


def may_propose(viewer: Viewer) -> bool:
    return may_publish(viewer) or viewer.has(Role.UNIT_HEAD)


@transaction.atomic
def create(content: Content, *, by: Editor, now: datetime, code: str | None = None, publish: bool = True) -> Entry:
    """A new entry; a draft where the editor may not publish, or does not want to yet."""
    _check(content, by)
    entry = Entry.objects.create(code=code or None, created_at=now)
    _append(entry, content, number=1, state=_state(by, publish), by=by, now=now)
    return entry


@transaction.atomic
def change(
    entry_id: int, content: Content, *, by: Editor, now: datetime, seen: int | None = None, publish: bool = True
) -> EntryVersion:
    """The next version. `seen` is the number of the version that the editor had before his eyes."""
    entry, latest = _locked(entry_id, seen)
    _check(content, by)
    _check_owner(latest, by)
    state = _state(by, publish)
    if latest.state == state and _values(content) == values_of(latest):
        raise NothingToDo
    return _append(entry, content, number=latest.number + 1, state=state, by=by, now=now)


@transaction.atomic
def publish(entry_id: int, *, by: Editor, now: datetime, seen: int | None = None) -> EntryVersion:
    """A draft comes into force as it stands."""
    entry, latest = _locked(entry_id, seen)
    if not by.publishes:
        raise MayNotPublish
    if latest.state != State.DRAFT:
        raise NothingToDo
    content = replace(content_of(latest), note="审核发布")
    return _append(entry, content, number=latest.number + 1, state=State.IN_FORCE, by=by, now=now)


@transaction.atomic
def withdraw(entry_id: int, *, reason: str, by: Editor, now: datetime) -> EntryVersion:
    """From now on never answered; a unit's head may withdraw what is his unit's own, since a wrong answer is worse
    than none."""
    entry, latest = _locked(entry_id, None)
    _check_owner(latest, by)
    if latest.state == State.WITHDRAWN:
        raise NothingToDo
    if not reason.strip():
        raise InvalidData({"reason": "请写明停用的原因"})
    content = replace(content_of(latest), note=reason.strip()[:200])
    return _append(entry, content, number=latest.number + 1, state=State.WITHDRAWN, by=by, now=now)


@transaction.atomic
def restore(entry_id: int, number: int, *, by: Editor, now: datetime) -> EntryVersion:
    """An older version's content as the newest version."""
    entry, latest = _locked(entry_id, None)
    _check_owner(latest, by)
    old = entry.versions.filter(number=number).first()
    if old is None or (old.number == latest.number and latest.state != State.WITHDRAWN):
        raise NothingToDo
    content = replace(content_of(old), note=f"恢复第{number}版的内容")
    _check(content, by)
    return _append(entry, content, number=latest.number + 1, state=_state(by, True), by=by, now=now)


def content_of(version: EntryVersion) -> Content:
    return Content(**values_of(version), note=version.note)


def values_of(version: EntryVersion) -> dict[str, Any]:
    found = {name: getattr(version, name) for name in FIELDS}
    return found | {"questions": tuple(version.questions), "class_codes": tuple(version.class_codes)}


def checked(content: Content) -> Mapping[str, str]:
    """The faults, by field."""
    errors: dict[str, str] = {}
    if not content.title.strip():
        errors["title"] = "请填写标题"
    if not content.answer.strip():
        errors["answer"] = "请填写答复"
    if not content.source.strip():
        errors["source"] = "请写明来源文件：没有来源的答复不能引用"
    if content.valid_until and content.valid_until < content.valid_from:
        errors["valid_until"] = "有效期至不能早于生效日期"
    if len(content.questions) > _MOST_QUESTIONS:
        errors["questions"] = f"问法最多 {_MOST_QUESTIONS} 条"
    for name in FIELDS:
        value = getattr(content, name)
        if any(not _can_be_stored(text) for text in (value if isinstance(value, tuple) else (value,))):
            errors[name] = "含有无法保存的字符"
    return errors


def _can_be_stored(text: object) -> bool:
    """PostgreSQL keeps no NUL, and what came from no character at all (a broken file) has no place in an answer."""
    return not isinstance(text, str) or not UNSTORABLE.search(text)


def _values(content: Content) -> dict[str, Any]:
    return {name: getattr(content, name) for name in FIELDS}


def _check(content: Content, by: Editor) -> None:
    errors = checked(content)
    if errors:
        raise InvalidData(dict(errors))
    if not by.may_write_for(content.owner_id):
        raise InvalidData({"owner": "只能为本单位的事项拟稿"})


def _check_owner(latest: EntryVersion, by: Editor) -> None:
    if not by.may_write_for(latest.owner_id):
        raise MayNotPublish("这个条目由其他单位负责，您不能修改。")


def _state(by: Editor, publish: bool) -> State:
    return State.IN_FORCE if by.publishes and publish else State.DRAFT


def _locked(entry_id: int, seen: int | None) -> tuple[Entry, EntryVersion]:
    entry = Entry.objects.select_for_update().get(pk=entry_id)
    latest = entry.latest
    assert latest is not None
    if seen is not None and seen != latest.number:
        raise EntryChanged
    return entry, latest


def _append(entry: Entry, content: Content, *, number: int, state: State, by: Editor, now: datetime) -> EntryVersion:
    version = EntryVersion.objects.create(
        entry=entry,
        number=number,
        state=str(state),
        editor_id=by.id,
        editor_name=by.name,
        at=now,
        note=content.note,
        **(_values(content) | {"questions": list(content.questions), "class_codes": list(content.class_codes)}),
    )
    entry.latest = version
    if state is not State.DRAFT:  # a draft waits behind what is in force
        entry.current = version if state is State.IN_FORCE else None
    entry.save(update_fields=["latest", "current"])
    if state is not State.DRAFT:
        renew()
    if state is State.IN_FORCE:
        gaps.look_again_at(entry, content.questions, now=now)
    return version
