"""Every action that can happen to a case, with its Chinese name and what it must be told."""

from collections.abc import Mapping
from dataclasses import replace

from huiyin.domain.fields import Field, FieldKind
from huiyin.domain.vocabulary import (
    Attitude,
    Channel,
    ClockKind,
    ContactMeans,
    Grade,
    Missed,
    Outcome,
    RequestType,
    Satisfaction,
    Term,
)


class Action(Term):
    REGISTER = "register", "登记"
    DIRECT_ANSWER = "direct_answer", "直接答复"
    REFER_ELSEWHERE = "refer_elsewhere", "告知其他渠道"
    PERSUADE = "persuade", "劝导教育"
    DISPATCH = "dispatch", "派单"
    REDISPATCH = "redispatch", "改派"
    SIGN = "sign", "签收"
    NOTE_CONTACT = "note_contact", "记录联系"
    ASSIGN_HANDLER = "assign_handler", "交承办人"
    HAND_DOWN = "hand_down", "转下级单位"
    ADD_NOTE = "add_note", "记录进展"
    REQUEST_RETURN = "request_return", "申请退单"
    RULE_RETURN = "rule_return", "裁决退单"
    REQUEST_EXTENSION = "request_extension", "申请延期"
    DECIDE_EXTENSION = "decide_extension", "审批延期"
    REQUEST_SUSPENSION = "request_suspension", "申请挂账"
    DECIDE_SUSPENSION = "decide_suspension", "审批挂账"
    RELEASE = "release", "销账"
    SUPPLEMENT = "supplement", "补充诉求"
    URGE = "urge", "催办"
    SUPERVISE = "supervise", "督办"
    REPLY = "reply", "双反馈"
    START_CALLBACK = "start_callback", "开始回访"
    RECORD_CALLBACK = "record_callback", "记录回访"
    CLOSE_UNASKED = "close_unasked", "未抽中结束"
    REWORK = "rework", "重办"
    CLOSE = "close", "办结"
    MERGE = "merge", "并单"
    CORRECT = "correct", "更正"
    MARK_CONFIDENTIAL = "mark_confidential", "设为保密"
    CANCEL = "cancel", "作废"
    REOPEN = "reopen", "重新办理"
    WARN = "warn", "黄灯提醒"
    ESCALATE = "escalate", "超期升级"


def _words(name: str, label: str, *, required: bool = True, least: int = 2, reasons: str = "", hint: str = "") -> Field:
    return Field(
        name=name,
        kind=FieldKind.LONG_TEXT,
        label=label,
        required=required,
        min_length=least,
        reasons=reasons,
        help=hint,
    )


def _reason(kind: str = "", *, required: bool = True, label: str = "理由") -> Field:
    return _words("reason", label, required=required, reasons=kind)


def _yes_no(name: str, label: str, *, required: bool = True) -> Field:
    return Field(name=name, kind=FieldKind.YES_NO, label=label, required=required)


_PLACE = (
    Field(name="district_id", kind=FieldKind.AREA, label="被反映区", required=False),
    Field(name="street_id", kind=FieldKind.AREA, label="被反映街乡镇", required=False),
    Field(name="community_id", kind=FieldKind.AREA, label="社区（村）", required=False),
    Field(name="address", kind=FieldKind.TEXT, label="详细地址", required=False, max_length=200),
)
_UNIT = Field(name="unit_id", kind=FieldKind.UNIT, label="主办单位")
_SUB_UNIT = Field(name="sub_unit_id", kind=FieldKind.UNIT, label="二级承办单位", required=False)
_CO_UNITS = Field(name="co_unit_ids", kind=FieldKind.UNITS, label="协办单位", required=False)
_GRADE = Field(name="grade", kind=FieldKind.CHOICE, label="分级", choices=Grade)
_TYPE = Field(name="request_type", kind=FieldKind.CHOICE, label="诉求类型", choices=RequestType)
_CLASS = Field(name="class_code", kind=FieldKind.CLASS, label="问题分类", max_length=6)
_CLOCK = Field(name="clock", kind=FieldKind.CHOICE, label="时限", choices=ClockKind)
_UNTIL = Field(name="until", kind=FieldKind.TIME, label="复核时间", required=False, help="不填则按规则确定")


def _optional(field: Field) -> Field:
    return replace(field, required=False)


FIELDS: Mapping[Action, tuple[Field, ...]] = {
    Action.REGISTER: (
        Field(name="channel", kind=FieldKind.CHOICE, label="受理渠道", choices=Channel),
        _TYPE,
        _optional(_CLASS),
        _GRADE,
        *_PLACE,
        _yes_no("confidential", "保密", required=False),
        _reason(required=False),
    ),
    Action.DIRECT_ANSWER: (_words("answer", "答复内容", hint="写明答复的内容和依据"),),
    Action.REFER_ELSEWHERE: (_words("answer", "告知内容", reasons="refer", hint="写明应找的渠道和电话"),),
    Action.PERSUADE: (_words("answer", "劝导情况", reasons="persuade"),),
    Action.DISPATCH: (
        _UNIT,
        _SUB_UNIT,
        _CO_UNITS,
        Field(
            name="class_code",
            kind=FieldKind.CLASS,
            label="问题分类",
            required=False,
            max_length=6,
            help="不填则不变",
        ),
        _reason(required=False, label="派单意见"),
    ),
    Action.REDISPATCH: (_UNIT, _SUB_UNIT, _CO_UNITS, _reason()),
    Action.SIGN: (),
    Action.NOTE_CONTACT: (
        Field(name="means", kind=FieldKind.CHOICE, label="联系方式", choices=ContactMeans),
        _yes_no("reached", "是否联系上"),
        _words("note", "联系情况"),
    ),
    Action.ASSIGN_HANDLER: (
        Field(name="handler_id", kind=FieldKind.STAFF, label="承办人"),
        _words("note", "交办意见", required=False),
    ),
    Action.HAND_DOWN: (
        Field(name="unit_id", kind=FieldKind.UNIT, label="下级单位"),
        _words("note", "转办意见", required=False),
    ),
    Action.ADD_NOTE: (
        _words("note", "办理进展"),
        Field(name="files", kind=FieldKind.FILES, label="附件", required=False),
    ),
    Action.REQUEST_RETURN: (
        _reason("return", label="退单理由"),
        _words("basis", "依据", hint="法规、职责清单或派单目录的依据"),
        Field(name="suggested_unit_id", kind=FieldKind.UNIT, label="建议改派单位", required=False),
    ),
    Action.RULE_RETURN: (
        _yes_no("granted", "同意退单"),
        Field(name="unit_id", kind=FieldKind.UNIT, label="改派单位", required=False, help="同意退单时必填"),
        _SUB_UNIT,
        _reason(label="裁决意见"),
    ),
    Action.REQUEST_EXTENSION: (_reason("extension", label="延期理由"), _yes_no("citizen_told", "已告知诉求人")),
    Action.DECIDE_EXTENSION: (_yes_no("granted", "同意延期"), _reason(label="审批意见")),
    Action.REQUEST_SUSPENSION: (
        _reason("suspension", label="挂账理由"),
        _words("plan", "解决计划", hint="写明措施、阶段目标和责任人"),
        _UNTIL,
    ),
    Action.DECIDE_SUSPENSION: (_yes_no("granted", "同意挂账"), _reason(label="审批意见"), _UNTIL),
    Action.RELEASE: (_reason(label="销账说明"),),
    Action.SUPPLEMENT: (
        _words("note", "补充内容"),
        Field(name="files", kind=FieldKind.FILES, label="附件", required=False),
    ),
    Action.URGE: (_words("note", "催办内容", required=False),),
    Action.SUPERVISE: (_words("note", "督办要求"),),
    Action.REPLY: (
        Field(name="outcome", kind=FieldKind.CHOICE, label="办理结果", choices=Outcome),
        Field(name="means", kind=FieldKind.CHOICE, label="向诉求人反馈的方式", choices=ContactMeans),
        Field(name="told_at", kind=FieldKind.TIME, label="向诉求人反馈的时间"),
        _words("result", "向热线反馈的办理情况", least=10, hint="写明查明的情况、采取的措施、结果和依据"),
        _words("evidence", "佐证说明", required=False, hint="没有附件时必填"),
        Field(name="files", kind=FieldKind.FILES, label="佐证附件", required=False),
    ),
    Action.START_CALLBACK: (),
    Action.RECORD_CALLBACK: (
        _yes_no("reached", "接通", required=False),
        _yes_no("contacted", "是否联系", required=False),
        _yes_no("solved", "是否解决", required=False),
        Field(name="satisfaction", kind=FieldKind.CHOICE, label="是否满意", choices=Satisfaction, required=False),
        Field(name="attitude", kind=FieldKind.CHOICE, label="服务态度", choices=Attitude, required=False),
        Field(name="missed", kind=FieldKind.CHOICE, label="未接通原因", choices=Missed, required=False),
        _words("remark", "诉求人意见", required=False, least=0),
    ),
    Action.CLOSE_UNASKED: (),
    Action.REWORK: (_reason(label="重办要求"),),
    Action.CLOSE: (_reason(label="办结说明"),),
    Action.MERGE: (Field(name="into_id", kind=FieldKind.CASE, label="并入的案件"), _reason(required=False)),
    Action.CORRECT: (_optional(_TYPE), _optional(_CLASS), _optional(_GRADE), *_PLACE, _reason(label="更正理由")),
    Action.MARK_CONFIDENTIAL: (_yes_no("confidential", "保密"), _reason()),
    Action.CANCEL: (_reason("cancel", label="作废理由"),),
    Action.REOPEN: (_reason(),),
    Action.WARN: (_CLOCK,),
    Action.ESCALATE: (_CLOCK,),
}
