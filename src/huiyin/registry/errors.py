"""Refusals of the registry: each with a stable code and a Chinese message that says what to do."""

from huiyin.domain.errors import DomainError


class EditionInForce(DomainError):
    """已生效的版本不能修改，请编制新版本。"""

    code = "edition_in_force"


class EditionIncomplete(DomainError):
    """版本内容不完整，不能发布。"""

    code = "edition_incomplete"


class EffectiveTooEarly(DomainError):
    """生效时间不能早于现在，也不能早于现行版本的生效时间。"""

    code = "effective_too_early"


class MomentTaken(DomainError):
    """同类规则已有一个版本在同一时间生效，请换一个时间。"""

    code = "moment_taken"


class OnlyEdition(DomainError):
    """这是唯一的版本，不能撤回或删除。"""

    code = "only_edition"
