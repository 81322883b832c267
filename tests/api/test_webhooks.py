"""Webhooks against a real server: what is planned, how it is signed, tried again, given up and refused."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from huiyin.api import jobs
from huiyin.api.models import Delivery, DeliveryState, Webhook
from huiyin.api.webhooks import addresses, jobs_to_come, sending, subscribing
from huiyin.cases import desk, subscriptions
from huiyin.domain.actions import Action
from huiyin.domain.case import Actor
from huiyin.domain.errors import InvalidData
from huiyin.domain.vocabulary import Role
from huiyin.registry import directory
from tests.api.conftest import MATTER, Api
from tests.builders_city import OTHER_STREET, STREET, People, replied, street_unit

SECRET = "a-secret-of-the-other-system"


class Receiver:
    """A local server that answers as it is told and keeps what came in."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.location = ""
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.received.append((dict(self.headers), body))
                status = owner.answers.pop(0) if owner.answers else 204
                self.send_response(status)
                if owner.location:
                    self.send_header("Location", owner.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_given: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_PRIVATE_ADDRESSES = True
    running = Receiver()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def hotline(api_as: Callable[..., Api]) -> Api:
    return api_as(Role.OPERATOR, Role.DISPATCHER)


def _subscribed(receiver: Receiver, **terms: Any) -> Webhook:
    agreed = subscribing.Terms(name="区平台", url=receiver.url, **terms)
    return subscribing.subscribe(agreed, now=timezone.now(), by=None, secret=SECRET).webhook


def _registered(hotline: Api, **changes: Any) -> str:
    answer = hotline.post("/cases", {**MATTER, "request_type": "consultation", **changes})
    assert answer.status_code == 201, answer.content.decode()
    subscriptions.deliver()
    number: str = answer.json()["case_no"]
    return number


def _later(**span: float) -> None:
    """Time passes: what waits is due that much sooner."""
    gone = timedelta(**span)
    for delivery in Delivery.objects.all():
        Delivery.objects.filter(pk=delivery.pk).update(
            next_at=delivery.next_at - gone, give_up_at=delivery.give_up_at - gone
        )
    for webhook in Webhook.objects.all():
        since = webhook.failing_since and webhook.failing_since - gone
        resume = webhook.resume_at and webhook.resume_at - gone
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=since, resume_at=resume)


def test_an_event_is_sent_signed_and_without_personal_data(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    number = _registered(hotline)

    jobs.send_deliveries(webhook.pk)

    [(headers, body)] = receiver.received
    at, signed = (part.split("=", 1)[1] for part in headers["Huiyin-Signature"].split(","))
    expected = hmac.new(SECRET.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert signed == expected
    told = json.loads(body)
    assert (told["event"], told["case"]["case_no"], told["to_status"]) == ("case.register", number, "received")
    assert headers["Huiyin-Delivery"] == str(told["delivery_id"])
    for private in ("王", "19900001234", "楼道", "幸福小区"):
        assert private not in body.decode()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("delivered", 1)
    assert delivery.tries.get().status == 204


def test_the_job_stands_with_the_delivery(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)

    _registered(hotline)

    job = ProcrastinateJob.objects.get(task_name="api.send_deliveries")
    assert (job.args, job.status) == ({"webhook_id": webhook.pk}, "todo")


def test_an_event_is_delivered_once_though_read_twice(hotline: Api, receiver: Receiver) -> None:
    from huiyin.api.webhooks import planning
    from huiyin.cases.models import CaseEvent

    _subscribed(receiver)
    _registered(hotline)

    planning.plan(list(CaseEvent.objects.all()))

    assert Delivery.objects.count() == 1


def test_a_failed_delivery_is_tried_again_until_it_arrives(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    _registered(hotline)
    receiver.answers = [500, 503]

    for _ in range(3):
        sending.send_due(webhook.pk)
        _later(minutes=5)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("delivered", 3)
    assert [one.status for one in delivery.tries.order_by("id")] == [500, 503, 204]
    webhook.refresh_from_db()
    assert (webhook.failing_since, webhook.failures) == (None, 0)


def test_before_its_time_nothing_is_tried_again(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    _registered(hotline)
    receiver.answers = [500]
    sending.send_due(webhook.pk)

    assert sending.send_due(webhook.pk) == 0
    assert Delivery.objects.get().next_at > timezone.now()


def test_each_failure_waits_longer_up_to_hours() -> None:
    pauses = [jobs_to_come.pause_after(attempts) for attempts in (1, 2, 3, 6, 20)]

    assert pauses == sorted(pauses)
    assert timedelta(seconds=9) <= pauses[0] <= timedelta(seconds=11)
    assert timedelta(hours=3) < pauses[-1] < timedelta(hours=5)


def test_after_a_day_of_failures_it_is_given_up_and_the_webhook_switched_off(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    _registered(hotline)
    receiver.answers = [500] * 50

    for _ in range(8):
        sending.send_due(webhook.pk)
        _later(hours=5)

    webhook.refresh_from_db()
    assert Delivery.objects.get().state == "given_up"
    assert not webhook.active
    assert "24" in webhook.disabled_because


def test_a_receiver_that_is_down_is_left_alone_for_a_while(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    for _ in range(5):
        _registered(hotline)
    receiver.answers = [500] * 50

    tried = sending.send_due(webhook.pk)

    webhook.refresh_from_db()
    assert tried == 3
    assert webhook.resume_at is not None
    assert sending.send_due(webhook.pk) == 0
    assert ProcrastinateJob.objects.filter(scheduled_at=webhook.resume_at).exists()


def test_one_event_that_is_not_taken_does_not_hold_up_the_others(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    for _ in range(4):
        _registered(hotline)
    receiver.answers = [500, 204, 204, 204]

    sending.send_due(webhook.pk)

    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["delivered"] * 3 + ["pending"]


def test_a_receiver_that_is_gone_is_switched_off(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    _registered(hotline)
    receiver.answers = [410]

    sending.send_due(webhook.pk)

    webhook.refresh_from_db()
    assert not webhook.active
    assert Delivery.objects.get().state == DeliveryState.GIVEN_UP


def test_a_redirect_is_not_followed(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    _registered(hotline)
    receiver.answers, receiver.location = [307], receiver.url

    sending.send_due(webhook.pk)

    assert len(receiver.received) == 1
    assert "不予跟随" in Delivery.objects.get().tries.get().problem


def test_a_silent_receiver_is_a_time_out(hotline: Api, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    import httpx

    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(sending, "TIMEOUT", httpx.Timeout(0.2))
        receiver.url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        webhook = _subscribed(receiver)
        _registered(hotline)

        sending.send_due(webhook.pk)

    attempt = Delivery.objects.get().tries.get()
    assert (attempt.status, attempt.problem) == (None, "超时未答复")


def test_a_closed_port_is_noted_as_unreachable(hotline: Api, receiver: Receiver) -> None:
    receiver.url = "http://127.0.0.1:9/"
    webhook = _subscribed(receiver)
    _registered(hotline)

    sending.send_due(webhook.pk)

    assert Delivery.objects.get().tries.get().problem == "无法连接"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "[::ffff:10.0.0.1]"])
def test_no_call_goes_inside_the_network(hotline: Api, receiver: Receiver, settings: Any, host: str) -> None:
    """The name may have been harmless when it was registered: it is judged again at each call."""
    webhook = _subscribed(receiver)
    Webhook.objects.update(url=f"http://{host}:{receiver.server.server_port}/hook")
    _registered(hotline)
    settings.WEBHOOK_PRIVATE_ADDRESSES = False

    sending.send_due(webhook.pk)

    assert receiver.received == []
    assert "内网" in Delivery.objects.get().tries.get().problem


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "https://10.0.0.7/hook",
        "https://[fd00::1]/hook",
        "https://localhost/hook",
        "https://user:pass@example.org/hook",
        "ftp://example.org/hook",
        "https:///hook",
        "https://example.org:99999/hook",
        "https://例子.中国/hook",
        "javascript:alert(1)",
    ],
)
def test_an_address_that_cannot_be_right_is_not_registered(city: None, url: str) -> None:
    with pytest.raises(InvalidData) as refusal:
        subscribing.subscribe(subscribing.Terms(name="区平台", url=url), now=timezone.now(), by=None)

    assert set(refusal.value.errors) == {"url"}


def test_a_public_https_address_is_registered(city: None) -> None:
    assert addresses.fault_of("https://platform.example.org:8443/hook?city=1") is None


def test_only_the_events_places_and_openness_agreed_on_are_told(hotline: Api, receiver: Receiver) -> None:
    here = directory.unit(street_unit(STREET))
    named = _subscribed(receiver, events=("dispatch",))
    local = _subscribed(receiver, unit_id=here.id)
    open_only = _subscribed(receiver)
    trusted = _subscribed(receiver, confidential=True)

    number = _registered(hotline, confidential=True)
    for unit_id in (here.id,):
        assert hotline.post(f"/cases/{number}/actions/dispatch", {"unit_id": unit_id}).status_code == 200
    elsewhere = _registered(hotline, street_code=OTHER_STREET)
    away = street_unit(OTHER_STREET)
    assert hotline.post(f"/cases/{elsewhere}/actions/dispatch", {"unit_id": away}).status_code == 200
    subscriptions.deliver()

    def told(webhook: Webhook) -> list[tuple[str, str]]:
        return list(Delivery.objects.filter(webhook=webhook).order_by("id").values_list("case_no", "action"))

    assert told(named) == [(elsewhere, "dispatch")]
    assert told(local) == []
    assert told(open_only) == [(elsewhere, "register"), (elsewhere, "dispatch")]
    assert len(told(trusted)) == 4


def test_what_a_dead_worker_left_is_picked_up(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    _registered(hotline)
    taken = sending._take(webhook.pk, timezone.now())  # and the worker dies here
    assert taken is not None
    ProcrastinateJob.objects.all()._raw_delete("default")  # type: ignore[attr-defined]  # its job is lost, too
    _later(minutes=4)

    jobs.pick_up_deliveries(0)

    job = ProcrastinateJob.objects.get()
    assert job.args == {"webhook_id": webhook.pk}
    assert sending.send_due(webhook.pk) == 1


def test_while_one_sends_a_delivery_no_other_takes_it(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    _registered(hotline)

    first, second = (sending._take(webhook.pk, timezone.now()) for _ in range(2))

    assert first is not None
    assert second is None


def test_a_webhook_switched_on_again_sends_what_waited(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    subscribing.switch_off(webhook.pk, now=timezone.now(), because="管理员停用")
    _registered(hotline)
    assert sending.send_due(webhook.pk) == 0

    subscribing.switch_on(webhook, now=timezone.now())
    sending.send_due(webhook.pk)

    assert len(receiver.received) == 1


def test_a_delivery_given_up_can_be_sent_again(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    _registered(hotline)
    Delivery.objects.update(state="given_up", attempts=9, give_up_at=timezone.now())

    subscribing.resend(Delivery.objects.get(), now=timezone.now())
    sending.send_due(webhook.pk)

    assert Delivery.objects.get().state == "delivered"


def test_old_deliveries_are_discarded_and_young_ones_kept(hotline: Api, receiver: Receiver) -> None:
    webhook = _subscribed(receiver)
    for _ in range(2):
        _registered(hotline)
    sending.send_due(webhook.pk)
    oldest = Delivery.objects.order_by("id")[0]
    Delivery.objects.filter(pk=oldest.pk).update(settled_at=timezone.now() - timedelta(days=31))

    jobs.discard_old(0)

    assert Delivery.objects.count() == 1


def test_the_secret_is_sealed(receiver: Receiver, city: None) -> None:
    _subscribed(receiver)

    assert SECRET.encode() not in bytes(Webhook.objects.get().secret_sealed)


def test_an_administrator_manages_webhooks_over_the_api(api_as: Callable[..., Api], receiver: Receiver) -> None:
    api = api_as(Role.ADMINISTRATOR)

    made = api.post("/webhooks", {"name": "区平台", "url": receiver.url, "events": ["close", "close"]})
    number = made.json()["id"]

    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    [listed] = api.get("/webhooks").json()["items"]
    assert (listed["events"], listed["secret"]) == (["close"], None)
    assert api.get(f"/webhooks/{number}/deliveries").json() == {"items": []}
    assert api.delete(f"/webhooks/{number}").status_code == 204
    assert api.get(f"/webhooks/{number}/deliveries").status_code == 404


def test_nobody_else_manages_webhooks(api_as: Callable[..., Api]) -> None:
    assert api_as(Role.DISPATCHER).get("/webhooks").status_code == 403


def test_a_units_receiver_is_not_told_of_calls_in_vain_while_the_callback_runs(
    receiver: Receiver, people: People
) -> None:
    city = _subscribed(receiver, events=("record_callback",))
    local = _subscribed(receiver, events=("record_callback",), unit_id=street_unit())
    begun = timezone.now() - timedelta(days=4)
    case = replied(people, now=begun - timedelta(days=8))
    desk.act(case.pk, Action.START_CALLBACK, actor=Actor.system(), data={}, now=begun)

    told = []
    for call in range(3):
        at = begun + timedelta(days=call)
        desk.act(case.pk, Action.RECORD_CALLBACK, actor=people.callback_agent(), data={"reached": False}, now=at)
        while subscriptions.deliver():
            pass
        told.append([Delivery.objects.filter(webhook=hook).count() for hook in (city, local)])

    assert told == [[1, 0], [2, 0], [3, 1]]
