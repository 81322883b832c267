"""What a token may be used for; the account behind it decides whose cases."""

from huiyin.domain.vocabulary import Term


class Scope(Term):
    READ = "read", "读取案件"
    REGISTER = "register", "登记案件"
    ACT = "act", "办理案件"
    REVEAL = "reveal", "查看未脱敏信息"
    REGISTRY = "registry", "读取基础数据"
    KNOWLEDGE = "knowledge", "维护知识库"
    INDICATORS = "indicators", "填报七有五性"
    WEBHOOKS = "webhooks", "管理事件推送"
