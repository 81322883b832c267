"""How people begin and end: greetings, wishes by type of request, sentences that say where it is."""

from huiyin.domain.vocabulary import RequestType

GREETINGS = (
    "您好，",
    "你好，",
    "喂您好，",
    "你好同志，",
    "接线员您好，",
    "您好，我反映个事儿，",
    "您好，打扰了，",
    "领导好，",
    "尊敬的领导：",
    "是这么回事，",
    "是这样的，",
    "12345您好，",
    "喂，是热线吗，",
    "我跟您说个事，",
    "市民反映，",
    "来电人反映：",
    "诉求人称，",
)

OPENINGS: dict[RequestType, tuple[str, ...]] = {
    RequestType.CONSULTATION: (
        "咨询一下，",
        "打听个事儿，",
        "想问问，",
        "我想咨询，",
        "跟您打听一下，",
        "来电咨询：",
        "有个问题想了解，",
    ),
    RequestType.HELP: (
        "求助，",
        "麻烦帮帮忙，",
        "请帮忙协调一下，",
        "着急，",
        "实在没辙了，",
        "求求你们了，",
        "来电求助：",
        "急急急，",
    ),
    RequestType.COMPLAINT: (
        "我要投诉，",
        "投诉，",
        "实在忍不了了，",
        "气死我了，",
        "必须投诉，",
        "太不像话了，",
        "来电投诉：",
        "太气人了，",
    ),
    RequestType.REPORT: (
        "我要举报，",
        "举报，",
        "实名举报，",
        "匿名举报一下，",
        "反映个情况，别说是我说的，",
        "来电举报：",
        "举报一个事，",
    ),
    RequestType.SUGGESTION: ("我提个建议，", "有个建议，", "给政府提点意见，", "来电建议：", "我有个想法，"),
    RequestType.PRAISE: ("我要表扬，", "打电话不为别的，就想说声谢谢，", "来电表扬：", "请一定转达，", "替我夸夸，"),
    RequestType.OTHER: ("说个事，", "反映一下，"),
}

CLOSINGS: dict[RequestType, tuple[str, ...]] = {
    RequestType.CONSULTATION: (
        "麻烦告知，谢谢",
        "请给个准信儿",
        "能不能给说明白点",
        "请回复，谢谢",
        "希望尽快答复",
        "该找哪个部门，麻烦指个路",
        "麻烦您了",
    ),
    RequestType.HELP: (
        "请尽快派人来看看",
        "求你们帮帮忙",
        "麻烦抓紧处理一下，谢谢",
        "希望能帮忙协调解决",
        "急等，谢谢",
        "拜托了",
        "盼着给个信儿",
        "能不能今天就来人",
        "老百姓真是没办法了",
    ),
    RequestType.COMPLAINT: (
        "要求相关部门严肃处理",
        "请给个说法",
        "到底有没有人管了",
        "要求尽快整改并答复我",
        "再不管我就天天打",
        "这日子没法过了",
        "必须给老百姓一个交代",
        "别再踢皮球了",
        "要求赔礼道歉",
        "请依法处理",
        "希望别光敷衍",
    ),
    RequestType.REPORT: (
        "请执法部门来查一查",
        "请严查",
        "希望尽快查处",
        "请替我保密",
        "照片我都留着呢",
        "来晚了就没证据了",
        "请依法查办",
    ),
    RequestType.SUGGESTION: (
        "希望采纳",
        "请领导考虑考虑",
        "大家伙儿都盼着",
        "希望能研究研究",
        "这么改对谁都好",
        "谢谢",
    ),
    RequestType.PRAISE: (
        "真心感谢",
        "希望领导给他们鼓励鼓励",
        "为你们点赞",
        "祝你们工作顺利",
        "谢谢，谢谢",
        "这才是为老百姓办事",
    ),
    RequestType.OTHER: ("知道一下就行", "谢谢"),
}

# What a demand begins with; one that forbids (别推诿) only follows a wish.
DEMAND_LEADS: dict[RequestType, tuple[str, ...]] = {
    RequestType.CONSULTATION: ("想问问能不能", "请问谁能", "请问找哪儿能"),
    RequestType.HELP: ("请", "麻烦", "希望", "希望能", "求你们"),
    RequestType.COMPLAINT: ("要求", "希望", "请", "强烈要求"),
    RequestType.REPORT: ("请", "要求", "希望"),
    RequestType.SUGGESTION: ("建议", "希望", "希望政府能"),
    RequestType.PRAISE: ("请", "希望"),
    RequestType.OTHER: ("希望",),
}

# What turns a phrase of one mood into a request of another type.
BRIDGES: dict[tuple[RequestType, str], tuple[str, ...]] = {
    (RequestType.CONSULTATION, "fact"): (
        "请问这种情况归哪儿管？",
        "我想问问该怎么办？",
        "请问按规定应该怎么处理？",
        "能不能告诉我找哪个部门？",
        "请问政策是怎么规定的？",
    ),
    (RequestType.SUGGESTION, "fact"): (
        "建议有关部门加强管理",
        "建议从根上解决这个问题",
        "建议安排专人定期巡查",
        "希望把这事列入计划统一整治",
        "建议定个长效的办法",
    ),
    (RequestType.SUGGESTION, "ask"): ("建议把政策公开写清楚", "建议多做宣传，让老百姓一看就明白"),
    (RequestType.HELP, "ask"): ("麻烦帮我问问，谢谢", "我自己弄不明白，请帮忙协调", "求帮着联系一下"),
    (RequestType.COMPLAINT, "ask"): ("问了一圈没人说得清，我要投诉", "打了好几个电话都推，太不负责任了"),
    (RequestType.REPORT, "ask"): ("我这儿有线索，请查一查", "我怀疑有问题，请核实"),
    (RequestType.COMPLAINT, "suggest"): ("提了多少回了没人理",),
    (RequestType.HELP, "suggest"): ("请帮忙推动一下",),
}

WHERE = (
    "我住{estate}{building}，",
    "我是{estate}的居民，",
    "我家在{place}，",
    "地点在{place}，",
    "就在{place}，",
    "{place}这边，",
)
WHERE_SHORT = ("我住{estate}，", "我是{estate}的，", "我们这儿是{place}，", "{place}，", "在{street}{estate}，")
WHERE_AFTER = ("。地址{address}", "。具体位置在{place}", "，地点是{place}", "。我这儿是{estate}")
WHERE_ASKED = ("我在{district}住，", "我是{district}{street}的，", "我家住{estate}，")

TITLE_LEADS: dict[RequestType, tuple[str, ...]] = {
    RequestType.CONSULTATION: ("咨询：", "咨询"),
    RequestType.HELP: ("求助：", "求助"),
    RequestType.COMPLAINT: ("投诉：", "反映", "投诉"),
    RequestType.REPORT: ("举报：", "举报"),
    RequestType.SUGGESTION: ("建议：", "意见建议："),
    RequestType.PRAISE: ("表扬：", "感谢："),
    RequestType.OTHER: ("",),
}
EMOTIONS = (
    "反映好多次了没用",
    "打过好几回电话了",
    "找过物业也找过社区",
    "拖了好久了",
    "邻居们都有意见",
    "群里天天有人说这事",
    "真的很闹心",
    "心里特别着急",
    "大家都挺无奈",
    "我也是没办法才打这个电话",
)
