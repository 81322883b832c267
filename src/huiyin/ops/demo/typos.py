"""Spoils a clean sentence as hurried people and speech recognition do: homophones, slips, lost commas, stammering."""

from random import Random

_HOMOPHONES = {
    "暖气": ("暖汽", "暧气"),
    "供暖": ("公暖", "供暧"),
    "物业": ("物页", "务业"),
    "小区": ("小曲", "校区"),
    "电梯": ("店梯", "电提"),
    "垃圾": ("拉圾", "垃极"),
    "已经": ("以经", "己经"),
    "反映": ("反应",),
    "投诉": ("投述", "头诉"),
    "举报": ("举抱",),
    "联系": ("连系",),
    "装修": ("庄修", "装休"),
    "通知": ("通之",),
    "解决": ("解绝",),
    "收费": ("受费",),
    "停车": ("亭车",),
    "噪音": ("燥音", "躁音"),
    "噪声": ("燥声",),
    "漏水": ("露水",),
    "堵塞": ("赌塞",),
    "车位": ("车味",),
    "晚上": ("碗上", "晚尚"),
    "希望": ("西望",),
    "要求": ("邀求",),
    "请问": ("请闻",),
    "一直": ("一值",),
    "没人": ("每人",),
    "严重": ("言重",),
    "影响": ("影向",),
    "孩子": ("孩字",),
    "学校": ("学效",),
    "医院": ("依院",),
    "工资": ("公资",),
    "公司": ("工司",),
    "合同": ("合通",),
    "退费": ("退废",),
    "押金": ("压金",),
    "社保": ("设保",),
    "补贴": ("补帖",),
    "申请": ("伸请",),
    "居委会": ("居委回",),
    "井盖": ("井该",),
    "路灯": ("露灯",),
    "污水": ("乌水",),
    "油烟": ("由烟",),
    "施工": ("施公", "失工"),
    "充电": ("冲电",),
    "楼道": ("楼到",),
    "快递": ("快弟",),
    "账": ("帐",),
    "的": ("得", "地"),
    "在": ("再",),
    "做": ("作",),
    "那": ("哪",),
    "他": ("它", "她"),
}
_FILLERS = (
    "嗯，",
    "那个，",
    "就是说，",
    "怎么说呢，",
    "反正吧，",
    "你知道吧，",
    "这个这个，",
    "说实话，",
    "真的，",
    "哎呀，",
)
_WORDS = tuple(_HOMOPHONES)
_MARKS = str.maketrans({"，": " ", "。": " ", "！": " ", "：": " "})
_NO_MARKS = str.maketrans("", "", "，。！：")


def roughen(rng: Random, text: str) -> str:
    """The text as it came in: seven of ten unchanged, the others with one kind of noise, rarely two."""
    draw = rng.random()
    if draw < 0.68:
        return text
    if draw < 0.80:
        return _slip(rng, _mishear(rng, text))
    if draw < 0.86:
        return _mishear(rng, text)
    if draw < 0.93:
        return stammer(rng, text)
    text = text.translate(_MARKS if draw < 0.975 else _NO_MARKS).strip()
    return _mishear(rng, text) if rng.random() < 0.3 else text


def _mishear(rng: Random, text: str) -> str:
    """Replaces the first of a run of the list, begun anywhere, that the text holds."""
    start, size = int(rng.random() * len(_WORDS)), len(_WORDS)
    for step in range(size):
        word = _WORDS[(start + step) % size]
        if word in text:
            wrong = _HOMOPHONES[word]
            return text.replace(word, wrong[int(rng.random() * len(wrong))], 1)
    return text


def _slip(rng: Random, text: str) -> str:
    """One character doubled, dropped or swapped with the next; digits are left alone, they carry addresses."""
    spot = 1 + int(rng.random() * max(1, len(text) - 3))
    pair = text[spot : spot + 2]
    if len(pair) < 2 or not all("\u4e00" <= char <= "\u9fff" for char in pair) or rng.random() < 0.5:
        return text
    draw = rng.random()
    if draw < 0.4:
        return text[:spot] + pair[0] + text[spot:]
    if draw < 0.7:
        return text[:spot] + text[spot + 1 :]
    return text[:spot] + pair[1] + pair[0] + text[spot + 2 :]


def stammer(rng: Random, text: str) -> str:
    """A filler at the start of a clause."""
    filler = _FILLERS[int(rng.random() * len(_FILLERS))]
    comma = text.find("，", int(rng.random() * len(text)))
    return filler + text if comma < 0 else text[: comma + 1] + filler + text[comma + 1 :]
