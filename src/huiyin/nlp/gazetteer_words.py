"""The words around and inside place names: what makes a name of it, what says it is the place, what says it is not."""

import re
from importlib.resources import files

# What people add to a community's or estate's own name: 多福巷 → 多福巷小区.
ESTATE_ENDINGS = (
    *(
        "社区居委会",
        "居委会",
        "社区",
        "小区",
        "家园",
        "花园",
        "嘉园",
        "佳园",
        "佳苑",
        "家苑",
        "公寓",
        "新村",
        "大院",
        "宿舍",
        "家属院",
    ),
    *(
        "家属楼",
        "宿舍楼",
        "东里",
        "西里",
        "南里",
        "北里",
        "中里",
        "东区",
        "西区",
        "南区",
        "北区",
        "中区",
        "住宅区",
        "平房区",
    ),
    *("一区", "二区", "三区", "四区", "五区", "六区", "一期", "二期", "三期", "卫生服务站", "社区服务站"),
)
ROAD_ENDINGS = (
    *(
        "路",
        "大街",
        "大道",
        "东路",
        "西路",
        "南路",
        "北路",
        "中路",
        "东街",
        "西街",
        "南街",
        "北街",
        "街",
        "胡同",
        "大桥",
        "桥",
    ),
    *("地铁站", "公交站", "站"),
)
VILLAGE_ENDINGS = ("村委会", "村民委员会", "村", "新村")

# Names that are also plain words, ranks, trades or institutions: alone they say nothing of a place.
ORDINARY = frozenset(files(__package__).joinpath("ordinary_names.txt").read_text(encoding="utf-8").split())

# Bare endings that are names of communities (和平里街道 has a 二区): they need the street beside them.
GENERIC = re.compile(
    r"(第?[一二三四五六七八九十\d]{1,2}[区里街村条]?|([东西南北中][里区街路楼苑]?){1,2}|[东西南北]大?街|新区|校内|大院|社区|小区|家园|花园)"
)

# Characters that make one name another (东里 and 西里 are neighbours): one in another's place is no slip.
TELLING = frozenset(
    "东西南北中前后左右上下大小老新内外一二三四五六七八九十甲乙丙丁0123456789家花嘉佳里区园苑村庄街路桥城营店"
)

# Endings that hundreds of names share, the outer first: 翠城馨园 + 小区; what is left is a name's own part.
OUTER_ENDING = re.compile(
    r"(?<=..)((社区)?(居民委员会|居委会|卫生服务站)|社区|小区|村?民?委员?会|村|街道(办事处|办|政府)?|地区(办事处)?|镇政府|镇|乡政府|乡|地铁站|站)$"
)
COMMON_ENDING = re.compile(
    r"(?<=..)([家花嘉佳果馨]园|[佳家新]苑|新村|公寓|大院|[东西南北中][里区街]|第?[一二三四五六七八九十]+([区里期]|社区)?|"
    r"医院|公园|广场|大厦|中心|购物中心|商场|市场|批发市场|大学|学院|中学|小学|[东西南北中]?路|大?街|胡同|大桥|桥)$"
)

PLAIN_BEFORE = frozenset(
    "在住于到是去来的和与及跟同把被让我们您你他她区县市镇乡道街号报诉询映议助望扬谢问求管查从经过离给找走进出回由靠"
    "家咱那这个有因年月天时日路内处点即叫说请沿向往等连后将对为了称之，。、；：！？,.;:!? /（(“\"'…-~\n"
)
PLAIN_WORD_BEFORE = re.compile(r"(一下|[路地晚早街楼网车身]上|路边|旁边|[上下]班|楼下|家里|小区|外面|里面)$")

SITE = re.compile(r"(地址|位于|地点|具体位置|位置|坐落|发生在|事发|案发|现场)[^。；？！\n]{0,5}$")
AT = re.compile(r"(在|住|于|到|是|去|来|的|：|:|，|,|。|；|\s|^|/|（|\()$")
NOT_HERE_BEFORE = re.compile(
    r"(来自|搬离|搬出|老家|户籍|户口|毕业于|原籍|原来住|之前住|以前住|曾住|曾经住|不是|不在|调到|嫁到|出生于?|"
    r"祖籍|开往|发往|前往|途经|途径|贯穿|不如|像|比|相比|参照|学习)(在|是|于|了|着)?$"
)
LEFT_AFTER = re.compile(r"^[^，。,]{0,4}(搬|迁|来|转|调|嫁|到|开|出发|发往)")
NOT_HERE_AFTER = re.compile(
    r"^(区|市)?(搬来|搬到|搬过来|迁来|迁到|毕业|户口|户籍|人(?=[，。,.]|$)|过来的|来的|嫁过来|那边已经|已经(装|改|建|有)|就没有|都没有|都有)"
)
COMPANY_AFTER = re.compile(
    r"^(?!小区|社区)[^，。,.；\s物业]{0,4}?(银行|集团|支行|分行|事务所|证券|保险|商会|报社|晚报|日报|有限公司|分公司)"
)
NAME_GOES_ON = re.compile(  # after a bare 望京 or 仁和: it is the head of a longer name that nobody has listed
    r"^([东西南北中前后大小上下新老里园苑庄村屯营店桥门口街路巷坊寺庙坡湾河湖山家花嘉佳城府院馆公胡第一二三四五六七八九十0-9]|"
    r"[^，。]{0,2}(中学|小学|医院|酒店|宾馆|大厦|广场|市场|超市|银行|集团))"
)
NOT_AN_ENDING = re.compile(r"^(路[灯况由人费过]|街[坊道]|站[在着长点不没起台]|桥[梁]|村[民镇])")  # 小区路灯: no road
ORGAN_AFTER = re.compile(
    r"^(市|区|县)?(人民)?(法院|检察院|医院|中学|小学|大学|学院|派出所|分局|委员会|民政局|人社局|教委|房管局)"
)
NEAR_AFTER = re.compile(
    r"^(地铁站|公交站|站)?(的)?([东西南北]{1,2}(门|口|侧|面|边)|正?门口?)?(的)?"
    r"(附近|旁边|边上|对面|对过|斜对面|周边|跟前|隔壁|后身|往[东西南北]|以[东西南北]|[东西南北]{1,2}侧?[约大概]{0,2}\d+(多)?(米|公里)|\d+(多)?米)"
)
FAR_AFTER = re.compile(r"^[^，。；]{0,6}?(?<!\d)([2-9]|\d{2,}|[两二三四五六七八九十])(多)?(公里|千米|里地)")
CROSSING = re.compile(r"(交叉口|交叉路口|交汇处?|路口|十字路口|丁字路口|交界处?|相交|桥下)")

DIGITS = {numeral: str(number) for number, numeral in enumerate("一二三四五六七八九十", start=1)} | {
    f"十{numeral}": str(number) for number, numeral in enumerate("一二三四五", start=11)
}
