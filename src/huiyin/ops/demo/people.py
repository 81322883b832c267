"""Invents citizens of the demo city: a name and a number that belongs to nobody."""

from random import Random

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_FIRST = "建志文国玉秀桂春海晓小美丽永德振俊佳思雨子浩梓欣一红金宝淑凤立新"
_LAST = "国华明军平强伟杰鹏涛勇磊超刚辉斌飞英兰梅芳芬霞燕玲静敏娟艳涵轩怡然宇晨琪萍荣生林山"
_TITLES = ("先生", "女士")

# 154 is a mobile block that was never given to an operator, so no such number can ring; 199 0000 may be in use.
_UNASSIGNED = "154"


def make_person(rng: Random) -> tuple[str, str]:
    """(name, phone); a third of the callers leave only 王女士."""
    surname = _SURNAMES[int(rng.random() ** 1.8 * len(_SURNAMES))]
    if rng.random() < 0.35:
        name = surname + _TITLES[rng.random() < 0.55]
    else:
        last = _LAST[int(rng.random() * len(_LAST))]
        name = surname + (_FIRST[int(rng.random() * len(_FIRST))] if rng.random() < 0.85 else "") + last
    return name, f"{_UNASSIGNED}{int(rng.random() * 10**8):08d}"
