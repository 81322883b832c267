"""Words of everyday speech and the official words that stand in answers: what a query is widened by."""

from collections.abc import Iterator

_WEIGHT = 0.5  # a widened word counts half of one that was said

# said by citizens -> written by authorities
_OFFICIAL: dict[str, tuple[str, ...]] = {
    "暖气": ("供暖", "供热"),
    "取暖": ("供暖", "采暖"),
    "不热": ("温度不达标",),
    "煤气": ("燃气",),
    "天然气": ("燃气",),
    "户口": ("户籍",),
    "小孩": ("子女", "儿童"),
    "孩子": ("子女", "儿童"),
    "娃": ("子女", "儿童"),
    "老人": ("老年人",),
    "上学": ("入学",),
    "念书": ("入学",),
    "看病": ("就医", "医保"),
    "报销": ("医保报销",),
    "社保": ("社会保险",),
    "医保": ("医疗保险",),
    "低保": ("最低生活保障",),
    "残疾证": ("残疾人证",),
    "公租房": ("公共租赁住房",),
    "廉租房": ("公共租赁住房",),
    "摇号": ("小客车指标",),
    "车牌": ("机动车号牌", "小客车指标"),
    "驾照": ("机动车驾驶证",),
    "驾驶本": ("机动车驾驶证",),
    "暂住证": ("居住证", "居住登记"),
    "身份证": ("居民身份证",),
    "结婚": ("婚姻登记",),
    "离婚": ("离婚登记",),
    "生孩子": ("生育",),
    "工资": ("劳动报酬",),
    "欠薪": ("拖欠工资",),
    "讨薪": ("拖欠工资",),
    "开公司": ("企业设立登记",),
    "营业执照": ("设立登记",),
    "垃圾": ("生活垃圾",),
    "跳闸": ("停电",),
    "没电": ("停电",),
    "没水": ("停水",),
    "狗证": ("养犬登记",),
    "遛狗": ("养犬",),
    "噪音": ("噪声",),
    "扰民": ("噪声污染",),
    "养老金": ("基本养老保险", "退休待遇"),
    "公交卡": ("一卡通",),
    "房本": ("不动产权证书",),
    "房产证": ("不动产权证书",),
    "过户": ("转移登记",),
    "快递柜": ("智能快件箱",),
    "加装电梯": ("增设电梯",),
    "装电梯": ("增设电梯",),
    "物业费": ("物业服务费",),
    "违建": ("违法建设",),
}


def expanded(text: str) -> Iterator[tuple[str, float]]:
    """The official words for what was said, each with its weight."""
    for said, official in _OFFICIAL.items():
        if said in text:
            for word in official:
                if word not in text:
                    yield word, _WEIGHT
