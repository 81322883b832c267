"""Words of the callbacks' own tables: by what a link goes out, how far it came, by what way somebody answered again."""

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
