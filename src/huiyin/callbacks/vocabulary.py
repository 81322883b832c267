"""Words of the callbacks' own tables: by what a link goes out, how far it came, whom a sample is drawn of and how."""

from huiyin.domain.vocabulary import Term


class Channel(Term):
    SMS = "sms", "短信"
    EMAIL = "email", "电子邮件"


class Kind(Term):
    INVITE = "invite", "邀请评价"
    REMIND = "remind", "提醒"


class Delivery(Term):
    QUEUED = "queued", "待发送"
    SENT = "sent", "已发送"
    DELIVERED = "delivered", "已送达"
    FAILED = "failed", "发送失败"
    EXPIRED = "expired", "不再发送"


class Way(Term):
    LINK = "link", "评价链接"
    PAGE = "page", "进度查询页"
    PHONE = "phone", "电话"


class Scope(Term):
    """Whom a sampling plan is for."""

    CITY = "city", "全市"
    DISTRICT = "district", "一个区"
    KIND = "kind", "一类单位"
    UNIT = "unit", "一个单位及其下级"


class Stratum(Term):
    """By what a unit's cases are divided, so that a sample has of each its share."""

    NONE = "none", "不分层"
    GRADE = "grade", "分级"
    REQUEST_TYPE = "request_type", "诉求类型"
    BRANCH = "branch", "一级分类"
