"""Says times the way staff read them: relative while near, dated when far, always in the city's time."""

from datetime import datetime, timedelta

from django.utils import timezone

_WEEKDAYS = "一二三四五六日"


def full(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%Y年}{local.month}月{local.day}日 星期{_WEEKDAYS[local.weekday()]} {local:%H:%M:%S}"


def relative(moment: datetime, now: datetime) -> str:
    local, today = timezone.localtime(moment), timezone.localtime(now)
    elapsed = now - moment
    days = (today.date() - local.date()).days
    if timedelta(0) <= elapsed < timedelta(minutes=1):
        return "刚刚"
    if timedelta(0) <= elapsed < timedelta(hours=1):
        return f"{int(elapsed.total_seconds() // 60)}分钟前"
    near = {0: "今天", 1: "昨天", 2: "前天", -1: "明天", -2: "后天"}
    if days in near:
        return f"{near[days]} {local:%H:%M}"
    if local.year == today.year:
        return f"{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local:%Y-%m-%d}"


def span(length: timedelta) -> str:
    """The two largest units of a length: 3天4小时, 2小时5分, 40分, 不到1分."""
    minutes = int(abs(length).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时{rest}分" if rest else f"{hours}小时"
    return f"{rest}分" if rest else "不到1分"


def remaining(due: datetime, now: datetime) -> str:
    return f"超期{span(now - due)}" if due < now else f"剩{span(due - now)}"
