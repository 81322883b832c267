"""The file that shows how a file of cases looks: the headings of the usual mapping, and one row."""

import csv
import io

from huiyin.intake.importing.mapping import PRACTICE

HEADINGS = {target: names[0] for target, names in PRACTICE.columns.items()}
_ROW = {
    "number": "SL-0001",
    "type": "投诉",
    "class": "住房->物业服务->保洁绿化不到位",
    "title": "楼道无人打扫",
    "content": "楼道一个月没有人打扫，垃圾成堆，希望尽快清理。",
    "status": "已办结",
    "requester": "王女士",
    "phone": "19900001234",
    "requester_kind": "个人",
    "district": "朝阳区",
    "street": "望京街道",
    "community": "",
    "spot": "西园四区",
    "address": "3号楼2单元",
    "channel": "电话",
    "line": "12345",
    "grade": "一般",
    "confidential": "否",
    "unit": "望京街道办事处",
    "result": "已解决",
    "reply": "物业已清扫楼道，并增加保洁人员。",
    "at": "2026-03-02 09:30:00",
    "closed_at": "2026-03-05 16:00:00",
    "contacted": "是",
    "solved": "是",
    "satisfaction": "满意",
}


def written() -> str:
    """With a byte order mark: Excel takes a CSV without one for GB 18030."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS.values(), [_ROW[target] for target in HEADINGS]])
    return f"\ufeff{text.getvalue()}"
