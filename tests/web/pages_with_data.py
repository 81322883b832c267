"""A desk full of cases in every state, and every page of the platform with the person who opens it there."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from huiyin.accounts.demo import create_demo_staff
from huiyin.accounts.models import Staff
from huiyin.accounts.viewer import viewer_of
from huiyin.api.models import Webhook
from huiyin.callbacks import frames, links, plans
from huiyin.callbacks.models import FrameCase
from huiyin.callbacks.vocabulary import Channel, Scope
from huiyin.cases import desk, rollups
from huiyin.cases.models import Case
from huiyin.domain.actions import Action
from huiyin.domain.sampling import SampleRule
from huiyin.evaluation import appeals, closing, exclusions, gaming, live, periods
from huiyin.evaluation import selectors as evaluation
from huiyin.evaluation.models import Suspicion
from huiyin.evaluation.vocabulary import ExclusionKind, Group
from huiyin.governance import governing, planning, talking
from huiyin.governance.vocabulary import Move
from huiyin.indicators import editing as indicator_editing
from huiyin.indicators import scoring, trees
from huiyin.intake.models import FileImport, ImportState
from huiyin.knowledge import gaps, writing
from huiyin.learning import rollups as outcome_counts
from huiyin.learning.models import DriftWeek, LabelledCase, ModelState, ModelVersion, Outcome, SwitchMove
from huiyin.matching import joining
from huiyin.packs import making
from huiyin.registry import directory, drafting
from huiyin.registry.editing import Editor
from huiyin.registry.models import CaseClass, Edition, EditionKind
from tests.builders_city import People, dispatched, registered, replied, statement

LONG = "呼家楼南里社区金台路与朝阳北路交叉口东北角老旧小区改造二期工程项目部临时围挡外侧非机动车道旁三十六号楼甲单元"
CITIZEN = ""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What the addresses name."""

    received: Case
    handling: Case
    returned: Case
    judged: Case
    replied: Case
    staff_id: int
    draft_id: int
    row_id: int
    webhook_id: int
    entry_id: int
    matter_id: int
    import_id: int
    period: str
    scored_unit_id: int
    district_id: int
    tree_draft: int
    pack_id: int
    exclusion_id: int
    appeal_id: int
    suspicion_id: int
    governed_id: int
    measure_id: int
    talk_id: int
    waiting_talk_id: int
    link: str


def lay(people: People) -> Ground:
    """Cases of the demo's street, one for each list, with long names and a long history."""
    create_demo_staff()
    now = timezone.now()
    street = directory.unit_by_code("110105001")
    assert street is not None
    handler, dispatcher, agent = people.handler(street.id), people.dispatcher(), people.callback_agent()

    def at_street(minutes: int, phone: int, **said: object) -> Case:
        return dispatched(
            people, now=now - timedelta(minutes=minutes), unit_id=street.id, phone=f"1990000{phone:04d}", **said
        )

    received = registered(people, now=now - timedelta(minutes=9), address=LONG, content=f"{LONG}，积水半米深，没有人管")
    at_street(20, 1, grade="critical")
    handling = at_street(600, 2, address=LONG, grade="urgent", requester_name="阿卜杜热合曼·买买提依明江")
    desk.act(handling.pk, Action.SIGN, actor=handler, data={}, now=now)
    for _time in range(12):
        desk.act(handling.pk, Action.URGE, actor=people.operator(), data={"note": f"再次来电：{LONG}"}, now=now)
        desk.act(handling.pk, Action.ADD_NOTE, actor=handler, data={"note": "已到现场核实，正在协调。" * 6}, now=now)
    desk.act(handling.pk, Action.SUPERVISE, actor=dispatcher, data={"note": "请今天报告进展"}, now=now)
    returned = at_street(30, 3)
    basis = {"reason": "不属于本单位职责", "basis": "职责清单第三项"}
    desk.act(returned.pk, Action.REQUEST_RETURN, actor=handler, data=basis, now=now)
    for phone, action, data in (
        (4, Action.REQUEST_EXTENSION, {"reason": "须多部门会商", "citizen_told": True}),
        (5, Action.REQUEST_SUSPENSION, {"reason": "历史遗留问题", "plan": "每月推进一次，责任人王主任"}),
    ):
        asking = at_street(90, phone)
        desk.act(asking.pk, Action.SIGN, actor=handler, data={}, now=now)
        desk.act(asking.pk, action, actor=handler, data=data, now=now)
    answered = replied(people, now=now - timedelta(hours=6), phone="19900000006")
    waiting = replied(people, now=now - timedelta(hours=6), phone="19900000007")
    waiting = desk.act(waiting.pk, Action.START_CALLBACK, actor=agent, data={}, now=now)
    invitation = links.invite(waiting, channel=Channel.SMS, now=now)
    judged = replied(people, now=now - timedelta(hours=6), phone="19900000008", unit_id=street.id)
    bad = {"contacted": True, "solved": False, "satisfaction": "unsatisfied", "remark": "还是老样子"}
    desk.act(judged.pk, Action.RECORD_CALLBACK, actor=agent, data=bad, now=now)
    desk.register(actor=people.operator(), data=statement(confidential=True, phone="19900000009"), now=now)
    rollups.refresh(now)
    base = Edition.objects.get(kind="taxonomy")
    draft = drafting.start_draft(EditionKind.TAXONOMY, base=base, note="增加小类", by=Editor(1, "高远航"), now=now)
    row = CaseClass.objects.filter(edition=draft).order_by("code").first()
    assert row is not None
    webhook = Webhook.objects.create(
        name="区平台", url="https://hook.example.org/in", secret_sealed=b"", created_at=now
    )
    _learned(handling, now)
    exclusion_id, appeal_id = _asked_for(handling, judged, now)
    period = _period(now)
    governed_id, measure_id = _governed(street.id, now)
    talk_id, waiting_talk_id = _talks(street.id, now)
    _sampled(waiting, now)
    return Ground(
        received=received,
        handling=handling,
        returned=returned,
        judged=judged,
        replied=answered,
        staff_id=Staff.objects.get(username="jiedao").pk,
        draft_id=draft.pk,
        row_id=row.pk,
        webhook_id=webhook.pk,
        entry_id=_entry(now),
        matter_id=_matter(received, handling, now),
        import_id=_import(now),
        period=period,
        scored_unit_id=street.id,
        district_id=street.district_id,
        tree_draft=_indicators(now),
        pack_id=_pack(street.id, now),
        exclusion_id=exclusion_id,
        appeal_id=appeal_id,
        suspicion_id=_suspicion(street.id),
        governed_id=governed_id,
        measure_id=measure_id,
        talk_id=talk_id,
        waiting_talk_id=waiting_talk_id,
        link=f"/hf/{links.token_of(invitation)}/",
    )


def _period(now: datetime) -> str:
    """A published period, revised once, so that its differences show; the estimate of the running one."""
    staff = Staff.objects.get(username="kaoping")
    by = viewer_of(staff)
    other = replace(by, staff_id=-1, name="复核人")
    period = periods.period_before(periods.period_at(now))
    version = closing.review(closing.draft(period, by=by, now=now), by=other, note="已核对", now=now)
    closing.publish(closing.freeze(version, by=by, now=now), by=by, now=now)
    closing.revise(period, reason="补录回访结果", by=by, now=now)
    live.refresh(now)
    return period.code


def _asked_for(handling: Case, judged: Case, now: datetime) -> tuple[int, int]:
    """The street wants one case left out, and another one's answer asked for again."""
    by = viewer_of(Staff.objects.get(username="jiezhang"))
    kind = ExclusionKind.EXCLUSION
    asked = exclusions.apply(handling.pk, kind=kind, reason_code="01", grounds=LONG * 3, by=by, now=now)
    return asked.pk, appeals.file(judged.pk, grounds=f"{LONG}，已办结", by=by, now=now).pk


def _governed(unit_id: int, now: datetime) -> tuple[int, int]:
    """The street under governance with a plan and two projects, one done; another one observed."""
    leader, head = (viewer_of(Staff.objects.get(username=name)) for name in ("lingdao", "jiezhang"))
    street = governing.enter(unit_id, reason=LONG, by=leader, now=now)
    plan = planning.Plan(text=LONG * 4, resolution="90", satisfaction="92.5", volume="300")
    planning.plan(street.pk, plan, by=head, now=now)
    done, open_one = (
        planning.add_measure(street.pk, title=LONG, owner="城管办刘主任", due=timezone.localdate(now), by=head, now=now)
        for _each in range(2)
    )
    planning.finish_measure(done.pk, evidence=LONG, by=head, now=now)
    other = directory.unit_by_code("110105002")
    assert other is not None
    observed = governing.enter(other.id, reason=LONG, by=leader, now=now)
    governing.decide(observed.pk, Move.EXIT, reason=LONG, by=leader, now=now)
    return street.pk, open_one.pk


def _talks(unit_id: int, now: datetime) -> tuple[int, int]:
    """One that was held and whose promises are overdue, one that waits."""
    leader = viewer_of(Staff.objects.get(username="lingdao"))
    then, day = now - timedelta(days=9), (now - timedelta(days=9)).date()
    first = talking.call(Group.STREET, unit_id, reason=LONG, by=leader, now=then)
    talking.hold(first.pk, on=day, minutes=LONG * 3, promises=LONG, until=day, by=leader, now=then)
    return first.pk, talking.call(Group.STREET, unit_id, reason=LONG, by=leader, now=now).pk


def _sampled(case: Case, now: datetime) -> None:
    """A plan to come, with a long reason; yesterday's frame, drawn and revealed, and today's, whose seed is sealed."""
    by = viewer_of(Staff.objects.get(username="kaoping"))
    rule = SampleRule(half_width=Decimal("0.05"), confidence=Decimal("0.95"), floor=30)
    plan = plans.enter(on=now.date() + timedelta(days=9), scope=Scope.CITY, rule=rule, reason=LONG, by=by, now=now)
    for days, drawn in ((1, now), (0, None)):
        frame = frames.frame_of(now.date() + timedelta(days=5 - days), now)
        if drawn:
            frame.begins_at, frame.ends_at = now - timedelta(days=2), now - timedelta(minutes=1)
            frame.committed_at, frame.drawn_at, frame.revealed_at = now - timedelta(days=3), drawn, drawn
            frame.cases, frame.taken = 1, 0
            frame.save()
            FrameCase.objects.create(
                case=case, frame=frame, plan=plan, unit_id=case.lead_unit_id, entered_at=now, drawn=False,
                place="0" * 64, position=1, rank=1,
            )  # fmt: skip


def _suspicion(unit_id: int) -> int:
    """The street's signs in the published period, one of them standing out."""
    gaming.look(evaluation.published()[0])
    row = Suspicion.objects.get(group=str(Group.STREET), unit_id=unit_id)
    row.flagged, row.score, row.reasons = True, 4.2, [["copied_replies", f"答复与其他案件几乎相同：9/12 件（{LONG}）"]]
    row.save()
    return row.pk


def _indicators(now: datetime) -> int:
    """The sample tree, what the published period scores by it, and a draft of the next one; gives its number."""
    by = indicator_editing.SYSTEM
    reading = trees.read(trees.SHIPPED / "beijing_sample.csv")
    in_force = now.date() - timedelta(days=700)
    tree, _ = indicator_editing.load(reading, name="七有五性", on=in_force, publish_it=True, by=by, now=now)
    scoring.assess_missing(by=by, now=now, most=1)
    return indicator_editing.copy(tree, on=now.date(), by=by, now=now).number


def _pack(unit_id: int, now: datetime) -> int:
    """The street's briefing pack, made."""
    by = viewer_of(Staff.objects.get(username="kaoping"))
    batch = making.ask(evaluation.published()[0], [(Group.STREET, unit_id)], by=by, now=now)
    pack = batch.packs.get()
    making.make(pack.pk, now=now)
    return pack.pk


def _matter(one: Case, other: Case, now: datetime) -> int:
    viewer = viewer_of(Staff.objects.get(username="paidan"))
    return joining.put_together([one.pk, other.pk], viewer=viewer, why="同一处积水", now=now).pk


def _import(now: datetime) -> int:
    """A file that was checked and waits to be started, with a row that cannot be read."""
    staff = Staff.objects.get(username="guanli")
    made = FileImport.objects.create(
        name="历史工单.csv",
        size=900,
        staff=staff,
        uploaded_at=now,
        beat_at=now,
        state=str(ImportState.CHECKED),
        rows=9,
        rejected=3,
        reasons={"来电时间": 2, "主要内容": 1},
    )
    return made.pk


def _entry(now: datetime) -> int:
    """An entry in two versions, the second one due for review; a draft that waits; a gap that was noted."""
    hotline = directory.hotline()
    assert hotline is not None
    content = writing.Content(
        title=f"供暖温度标准（{LONG[:60]}）",
        questions=("暖气多少度算达标", "家里不热找谁"),
        answer="供暖期内卧室、起居室温度不低于18℃。" * 8,
        source="供热采暖管理办法",
        owner_id=hotline.id,
        valid_from=now.date() - timedelta(days=30),
        review_date=now.date(),
        public=True,
    )
    entry = writing.create(content, by=writing.SYSTEM, now=now)
    writing.change(entry.pk, replace(content, issuer="市城市管理委"), by=writing.SYSTEM, now=now)
    writing.create(replace(content, title="待审的条目"), by=writing.SYSTEM, now=now, publish=False)
    gaps.note(f"{LONG}能不能养鸵鸟", now=now)
    return entry.pk


def _learned(case: Case, now: datetime) -> None:
    """Two versions of a model, and what came of a proposal, for the learning page."""
    scores = {"cases": 40, "accuracy": 0.9, "macro_f1": 0.8, "top3": 0.97, "ece": 0.02}
    card = {
        "test": scores,
        "before": {"name": "按分类表词语", **scores},
        "verdict": {"better": True, "reason": "优于现用模型", "gained": 9, "lost": 2, "doubt": 0.03},
        "sources": {"dispatcher": 300, "correction": 60},
        "classes": {"010101": [200, 20, 19], "050101": [160, 20, 17]},
        "seconds": 9.0,
        "from_file": False,
    }
    for number, state in ((1, ModelState.CHAMPION), (2, ModelState.REFUSED)):
        ModelVersion.objects.create(
            number=number,
            state=state,
            created_at=now,
            trained_on=360,
            scores=card,
            sha256="0" * 64,
            size=9,
            stored_as=f"models/{number}.npz",
            made_by="夜间训练",
            reason="同一测试集上优于现用模型：多对9件，少对2件",
        )
    Outcome.objects.create(
        case=case,
        dispatched_at=now,
        automatic=True,
        confidence=0.91,
        unit_proposed=case.lead_unit_id,
        unit_id=case.lead_unit_id,
        unit_right=True,
        class_confidence=0.7,
        class_proposed="050101",
        class_code=case.class_code,
        class_right=False,
        changed_at=now,
    )
    LabelledCase.objects.create(
        case=case, kind="class", proposed="050101", final="010101", source="correction", at=now, registered_at=now
    )
    DriftWeek.objects.create(
        week=now.date(), model=1, cases=30, shift=0.2, by_chance=0.15, unknown=0.01, movers=[["0101", 0.5, 0.7]]
    )
    SwitchMove.objects.create(on=True, at=now, by_name="高远航", reason="目录已更正")
    outcome_counts.refresh(now)


def pages(who: str, ground: Ground) -> list[tuple[str, str]]:
    """(route's name, address) of the pages that this account of the demo opens."""
    one, draft = ground.handling.case_no, ground.draft_id
    listed: dict[str, list[tuple[str, str]]] = {
        CITIZEN: [
            ("home", "/"),
            ("report", "/report/"),
            ("answers", "/answers/"),
            ("draws", "/draws/"),
            ("answers", "/answers/?q=暖气多少度算达标"),
            ("one_answer", f"/answers/{ground.entry_id}/"),
            ("find", "/progress/"),
            ("find", "/progress/?for=judge"),
            ("link", ground.link),
            ("link", "/hf/unknown/"),
            ("account_login", "/accounts/login/"),
            ("nothing", "/no-such-page/"),
        ],
        "huawu": [
            ("console", "/console/"),
            ("peek", f"/console/cases/{ground.handling.pk}/"),
            ("search", "/cases/"),
            ("search", "/cases/?status=closed"),
            ("page", f"/cases/{one}/"),
            ("reveal", f"/cases/{one}/reveal/phone/"),
            ("profile", "/me/"),
            ("switch_post", "/me/post/"),
            ("matters", "/matters/"),
            ("matters", "/matters/?order=largest"),
            ("matter", f"/matters/{ground.matter_id}/"),
            ("add", f"/matters/{ground.matter_id}/add/"),
            ("split", f"/matters/{ground.matter_id}/split/?case={ground.handling.pk}"),
            ("describe", f"/matters/{ground.matter_id}/describe/"),
            ("queue", "/dispatch/"),  # not hers: the refusal is a page, too
        ],
        "paidan": [
            ("queue", "/dispatch/"),
            *(("queue", f"/dispatch/?tab={tab}") for tab in ("returns", "extensions", "suspensions", "called_back")),
            ("queue", "/dispatch/?tab=returns&grade=critical"),
            ("decide", f"/dispatch/{ground.received.case_no}/"),
            ("decide", f"/dispatch/{ground.returned.case_no}/?tab=returns"),
            ("do", f"/cases/{ground.received.case_no}/do/merge/"),
            ("do", f"/cases/{ground.received.case_no}/do/correct/"),
        ],
        "huifang": [
            ("again", f"/callbacks/{ground.judged.case_no}/again/"),
            *(("queue", f"/callbacks/?tab={tab}") for tab in ("due", "later", "linked", "early", "judged")),
            *(("queue", f"/callbacks/?tab={tab}") for tab in ("due", "later", "early", "judged", "drawn", "aside")),
            ("ask", f"/callbacks/{ground.replied.case_no}/?tab=early"),
            ("ask", f"/callbacks/{ground.judged.case_no}/?tab=judged"),
            ("again", f"/callbacks/{ground.judged.case_no}/again/"),
            ("reviews", "/evaluation/reviews/"),
            ("appeal", f"/evaluation/appeals/{ground.appeal_id}/"),
        ],
        "jiezhang": [
            ("desk", "/cases/desk/"),
            ("team", "/cases/desk/team/"),
            ("notices", "/cases/notices/"),
            ("page", f"/cases/{one}/"),
            *(("do", f"/cases/{one}/do/{action}/") for action in ("reply", "note_contact", "hand_down")),
            ("apply", f"/evaluation/of/{ground.judged.case_no}/apply/"),
            ("file_appeal", f"/evaluation/of/{ground.judged.case_no}/appeal/"),
            ("console", "/console/"),
            ("overview", "/cases/overview/"),
        ],
        "fenxi": [
            ("entries", "/knowledge/"),
            ("entries", "/knowledge/?view=drafts"),
            ("entry", f"/knowledge/{ground.entry_id}/"),
            ("entry_new", "/knowledge/new/"),
            ("entry_edit", f"/knowledge/{ground.entry_id}/edit/"),
            ("entry_withdraw", f"/knowledge/{ground.entry_id}/withdraw/"),
            ("entry_compare", f"/knowledge/{ground.entry_id}/compare/"),
            ("entry_import", "/knowledge/import/"),
            ("gaps", "/knowledge/gaps/"),
        ],
        "kaoping": [
            ("board", "/evaluation/?group=district"),
            ("board", f"/evaluation/?period={periods.period_at(timezone.now()).code}&group=street"),
            ("plots", f"/evaluation/plots/?period={periods.period_at(timezone.now()).code}&group=street"),
            ("unit", f"/evaluation/{ground.period}/street/{ground.scored_unit_id}/"),
            ("cases", f"/evaluation/{ground.period}/cases/?group=street&unit={ground.scored_unit_id}"),
            ("periods", "/evaluation/periods/"),
            ("period", f"/evaluation/periods/{ground.period}/"),
            ("period_step", f"/evaluation/periods/{ground.period}/verify/"),
            *(("reviews", f"/evaluation/reviews/?tab={tab}") for tab in ("preview", "review", "decided")),
            ("exclusion", f"/evaluation/exclusions/{ground.exclusion_id}/"),
            ("shares", f"/evaluation/shares/?period={ground.period}"),
            ("nonresponse", f"/evaluation/nonresponse/?period={ground.period}"),
            ("nonresponse_unit", f"/evaluation/nonresponse/street/{ground.scored_unit_id}/"),
            ("plans", "/callbacks/plans/"),
            ("plan_new", "/callbacks/plans/new/"),
            ("suspicions", "/evaluation/suspicions/"),
            ("suspicion", f"/evaluation/suspicions/{ground.suspicion_id}/"),
            ("suspicion_cases", f"/evaluation/suspicions/{ground.suspicion_id}/cases/copied_replies/"),
        ],
        "fenxi, the indicators": [
            ("home", "/indicators/"),
            ("indicator_trend", "/indicators/trend/"),
            ("report_upload", "/indicators/upload/"),
            ("missing", "/indicators/missing/"),
            ("district", f"/indicators/{ground.period}/{ground.district_id}/"),
            ("dimension", f"/indicators/{ground.period}/{ground.district_id}/B2/"),
            ("item_cases", f"/indicators/{ground.period}/{ground.district_id}/B2.R3/cases/"),
            ("report_history", f"/indicators/reports/{ground.district_id}/A1.1.1/"),
            ("trees", "/indicators/trees/"),
            ("tree_load", "/indicators/trees/load/"),
            ("tree", f"/indicators/trees/{ground.tree_draft}/"),
            ("tree_draft", "/indicators/trees/1/draft/"),
            *((f"tree_{act}", f"/indicators/trees/{ground.tree_draft}/{act}/") for act in ("head", "compare")),
            ("node_edit", f"/indicators/trees/{ground.tree_draft}/nodes/A1.1.1/"),
            ("node_new", f"/indicators/trees/{ground.tree_draft}/nodes/A1.1/new/"),
        ],
        "kaoping, the packs": [
            ("packs", "/packs/?group=street"),
            ("pack", f"/packs/{ground.pack_id}/"),
            ("pack_meeting", f"/packs/{ground.pack_id}/meeting/"),
        ],
        "lingdao": [("overview", "/cases/overview/"), ("page", f"/cases/{ground.judged.case_no}/")],
        "lingdao, the governance": [
            *(("governed", f"/governance/?tab={tab}") for tab in ("governed", "observed", "ended", "named")),
            ("govern", f"/governance/enter/{ground.scored_unit_id}/"),
            ("governed_street", f"/governance/streets/{ground.governed_id}/"),
            ("governed_decide", f"/governance/streets/{ground.governed_id}/decide/exit/"),
            ("residents", "/governance/residents/"),
            *(("talks", f"/governance/talks/?show={show}") for show in ("open", "overdue", "ended")),
            ("talk", f"/governance/talks/{ground.talk_id}/"),
            ("talk_call", "/governance/talks/call/"),
            ("talk_close", f"/governance/talks/{ground.talk_id}/close/"),
            ("talk_hold", f"/governance/talks/{ground.waiting_talk_id}/hold/"),
            ("talk_drop", f"/governance/talks/{ground.waiting_talk_id}/drop/"),
        ],
        "jiezhang, the governance": [
            ("governed", "/governance/"),
            ("governed_street", f"/governance/streets/{ground.governed_id}/"),
            ("governed_plan", f"/governance/streets/{ground.governed_id}/plan/"),
            ("governed_measure", f"/governance/streets/{ground.governed_id}/measures/"),
            ("governed_note", f"/governance/streets/{ground.governed_id}/note/"),
            ("governed_settle", f"/governance/measures/{ground.measure_id}/"),
            ("talks", "/governance/talks/"),
            ("talk", f"/governance/talks/{ground.talk_id}/"),
            ("notices", "/cases/notices/"),
        ],
        "jiandu": [("audit", "/audit/"), ("audit", "/audit/?list=looks")],
        "guanli": [
            ("staff_list", "/staff/"),
            ("staff_create", "/staff/new/"),
            ("staff_detail", f"/staff/{ground.staff_id}/"),
            ("account_logout", "/accounts/logout/"),
            ("account_change_password", "/accounts/password/"),
            ("mfa_index", "/accounts/2fa/"),
            ("tokens", "/api-tokens/"),
            ("webhooks", "/webhooks/"),
            ("webhook", f"/webhooks/{ground.webhook_id}/"),
            ("imports", "/console/imports/"),
            ("import", f"/console/imports/{ground.import_id}/"),
            ("home", "/ops/"),
            ("guide", "/ui/"),
            ("dialog", "/ui/dialog/"),
        ],
        "guanli, the learning": [
            ("home", "/learning/"),
            ("cases", "/learning/cases/?what=automatic"),
            ("cases", "/learning/cases/?what=wrong"),
            ("card", "/learning/models/1/"),
            ("use", "/learning/models/2/use/"),
            ("switch", "/learning/switch/"),
        ],
        "guanli, the registry": [
            ("home", "/registry/"),
            *((f"{kind}_list", f"/registry/{kind}s/") for kind in ("unit", "area", "place")),
            *((f"{kind}_create", f"/registry/{kind}s/new/") for kind in ("unit", "area", "place")),
            *((f"{kind}_edit", f"/registry/{kind}s/{_first(kind)}/") for kind in ("unit", "area", "place")),
            ("calendar", "/registry/calendar/"),
            ("calendar_notice", "/registry/calendar/notice/"),
            ("calendar_day", "/registry/calendar/day/"),
            ("edition_list", "/registry/editions/taxonomy/"),
            ("edition_draft", "/registry/editions/limits/draft/"),
            ("edition", f"/registry/edition/{draft}/"),
            ("edition_compare", f"/registry/edition/{draft}/compare/"),
            ("edition_publish", f"/registry/edition/{draft}/publish/"),
            ("row_create", f"/registry/edition/{draft}/class/new/"),
            ("row_edit", f"/registry/edition/{draft}/class/{ground.row_id}/"),
            ("trial", "/registry/try/"),
            ("history", "/registry/history/"),
        ],
    }
    return listed[who]


VISITORS = (
    CITIZEN,
    "huawu",
    "paidan",
    "huifang",
    "jiezhang",
    "fenxi",
    "fenxi, the indicators",
    "kaoping",
    "kaoping, the packs",
    "lingdao",
    "lingdao, the governance",
    "jiezhang, the governance",
    "jiandu",
    "guanli",
    "guanli, the learning",
    "guanli, the registry",
)

# Not pages: JSON, parts of pages, files, what is only posted to or leads on; and what needs a state of its own, which
# the named test opens.
NOT_PAGES = {
    *("period_stamp", "export", "fingerprint", "own"),
    *("invite", "beside"),
    *("assess", "tree_weights", "tree_publish", "tree_discard", "node_remove", "report_blank"),
    *("reviews_stamp", "of_case", "recheck_draw", "plan_withdraw", "frame", "invite", "beside"),
    *("pack_make", "pack_retry", "pack_file", "pack_chart"),
    *("governed_mark", "residents_blank"),
    *("stamp", "live", "options", "overview_stamp", "overview_outlines", "health", "nothing_here", "unit_options"),
    *("area_options", "place_options", "class_options", "advice", "caller", "classes", "places", "unit"),
    *("unread", "upload", "file", "thumbnail", "remove_file", "send_photo", "picture", "remove_photo"),
    *("sign_many", "accept", "number", "save_draft", "discard_draft", "supplement", "urge", "leave", "demo_sign_in"),
    *("post_add", "post_end", "staff_active", "staff_password", "staff_unlock", "staff_second_factor"),
    *("revoke_token", "switch_webhook", "remove_webhook", "resend", "calendar_remove", "row_remove"),
    *("edition_withdraw", "edition_discard"),
    *("entry_preview", "entry_publish", "entry_restore", "solve_gap", "dismiss_gap", "knowledge", "knowledge_gap"),
    *("account_inactive", "account_reauthenticate", "socialaccount_login_cancelled", "socialaccount_login_error"),
    *("openid_connect_login", "openid_connect_callback"),
    *("mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
    *("panel", "join", "apart", "import_sample", "import_start", "import_rejects", "import_remove"),
    *("receipt", "case", "judge"),  # tests/web/test_portal.py
    "receipts",
}


def routes() -> set[str]:
    """The names of all addresses outside the API."""
    return set(_names(get_resolver(), ""))


def _names(resolver: URLResolver, prefix: str) -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append(entry.name or path)
        elif not path.startswith("api/"):
            found += _names(entry, path)
    return found


def _first(kind: str) -> int:
    from huiyin.registry.models import Area, PlaceName, Unit

    model = {"unit": Unit, "area": Area, "place": PlaceName}[kind]
    return int(model.objects.order_by("pk").values_list("pk", flat=True)[0])
