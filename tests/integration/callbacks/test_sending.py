"""Messages over real wires: an HTTP gateway and a mail server on this machine, retries, receipts, nothing doubled."""

import json
import re
import socketserver
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.callbacks import jobs_to_come, links, senders, sending
from huiyin.callbacks.models import Invitation, Message
from huiyin.callbacks.vocabulary import Channel, Delivery
from huiyin.cases.models import Case
from tests.builders_city import People
from tests.builders_evaluation import staff
from tests.integration.callbacks.conftest import Sent, due, invited

pytestmark = pytest.mark.usefixtures("city")
KEY = "gateway-key"


@dataclass
class Gateway:
    """What arrived, and what to answer next (the last one stays)."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=lambda: [(200, '{"id": "G-1"}')])
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    known = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.arrived.append((dict(self.headers), body))
            status, text = known.answers.pop(0) if len(known.answers) > 1 else known.answers[0]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    known.url = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_SENDER, settings.SMS_GATEWAY_URL = "http", known.url
    settings.SMS_GATEWAY_KEY, settings.SMS_GATEWAY_TOKEN = KEY, "secret-token"
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


class _Mail(socketserver.StreamRequestHandler):
    """Takes everything but what goes to nobody@."""

    server: Any

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            if line.upper() == "DATA":
                self._say("354 go on")
                self.server.letters.append(self._letter())
            self._say("550 no such mailbox" if line.startswith("rcpt TO:<nobody@") else "250 fine")

    def _letter(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        return "".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def mailbox(settings: Any) -> Iterator[list[str]]:
    letters: list[str] = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail) as server:
        server.letters = letters  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        settings.EMAIL_SENDER, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", server.server_address[1]
        settings.DEFAULT_FROM_EMAIL = "热线 <callback@12345.example.org>"
        yield letters
        server.shutdown()
        thread.join()


def receipt(client: Client, told: dict[str, Any], *, key: str = KEY, at: int | None = None) -> Any:
    body = json.dumps(told).encode()
    signed = senders.signature(key, body, at or int(time.time()))
    return client.post("/hf/receipts/", body, content_type="application/json", headers={"Huiyin-Signature": signed})


def test_the_gateway_gets_number_text_and_link_signed_and_its_id_is_kept(gateway: Gateway, people: People) -> None:
    made = invited(due(people))

    headers, body = gateway.arrived[0]
    told = json.loads(body)
    at = int(re.match(r"t=(\d+)", headers["Huiyin-Signature"])[1])
    message = made.messages.get()
    assert told["to"] == "19900001234"
    assert links.address_of(made) in told["text"]
    assert "楼道" not in told["text"]
    assert headers["Huiyin-Signature"] == senders.signature(KEY, body, at)
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer secret-token", told["id"])
    assert (message.state, message.gateway_id, message.attempts) == (Delivery.SENT, "G-1", 1)


def test_a_gateway_that_is_down_is_tried_again_with_the_same_message(gateway: Gateway, people: People) -> None:
    gateway.answers = [(503, ""), (200, '{"id": 77}')]
    made = invited(due(people))
    message = made.messages.get()
    first = (message.state, message.last_error)

    early = sending.send_message(message.pk, timezone.now())
    then = sending.send_message(message.pk, timezone.now() + timedelta(minutes=1))

    message.refresh_from_db()
    assert first == (Delivery.QUEUED, "短信网关答复 503")
    assert (early, then) == (None, Delivery.SENT)
    assert (message.gateway_id, message.attempts, message.last_error) == ("77", 2, "")
    assert gateway.arrived[0][1] == gateway.arrived[1][1]


@pytest.mark.parametrize("answer", [(400, ""), (200, "fine"), (200, "[]"), (200, '{"id": ""}')])
def test_what_the_gateway_refuses_for_good_puts_the_case_on_the_phone_list(
    gateway: Gateway, people: People, answer: tuple[int, str]
) -> None:
    gateway.answers = [answer]
    made = invited(due(people))

    message = made.messages.get()
    made.refresh_from_db()
    assert (message.state, message.attempts) == (Delivery.FAILED, 1)
    assert made.phone_after <= timezone.now()


def test_it_gives_up_after_some_attempts_and_an_agent_may_send_it_once_more(gateway: Gateway, people: People) -> None:
    gateway.answers = [(500, "")]
    case = due(people)
    made = invited(case)
    message = made.messages.get()
    now = timezone.now()
    for number in range(jobs_to_come.MOST_ATTEMPTS):
        sending.send_message(message.pk, now + timedelta(days=number + 1) / 4)
    message.refresh_from_db()
    given_up = (message.state, message.attempts)

    gateway.answers = [(200, '{"id": "G-9"}')]
    agent = staff(1, *people.callback_agent().roles)
    again = links.invite_by_hand(Case.objects.get(pk=case.pk), channel=Channel.SMS, by=agent, now=now)
    sending.send_message(message.pk, timezone.now())

    message.refresh_from_db()
    assert given_up == (Delivery.FAILED, jobs_to_come.MOST_ATTEMPTS)
    assert (again.pk, message.state, Message.objects.count()) == (made.pk, Delivery.SENT, 1)
    with pytest.raises(links.AlreadyInvited):
        links.invite_by_hand(Case.objects.get(pk=case.pk), channel=Channel.SMS, by=agent, now=now)


def test_receipts_are_believed_when_signed_and_noted_once(gateway: Gateway, client: Client, people: People) -> None:
    message = invited(due(people)).messages.get()

    forged = receipt(client, {"id": "G-1", "state": "delivered"}, key="another")
    stale = receipt(client, {"id": "G-1", "state": "delivered"}, at=int(time.time()) - 900)
    unread = receipt(client, {"id": "G-1", "state": "lost"})
    unknown = receipt(client, {"id": "G-2", "state": "delivered"})
    untouched = Message.objects.get(pk=message.pk).state
    taken = receipt(client, {"id": "G-1", "state": "delivered"})
    later = receipt(client, {"id": "G-1", "state": "failed", "reason": "停机"})

    statuses = [answer.status_code for answer in (forged, stale, unread, unknown, taken, later)]
    assert statuses == [403, 403, 400, 404, 200, 200]
    assert untouched == Delivery.SENT
    assert Message.objects.get(pk=message.pk).state == Delivery.DELIVERED


def test_a_message_that_did_not_arrive_puts_the_case_on_the_phone_list(
    gateway: Gateway, client: Client, people: People
) -> None:
    made = invited(due(people))

    receipt(client, {"id": "G-1", "state": "failed", "reason": "空号"})

    made.refresh_from_db()
    assert made.phone_after <= timezone.now()
    assert made.messages.get().last_error == "未送达：空号"


def test_without_a_gateway_no_receipt_is_believed(client: Client) -> None:
    assert receipt(client, {"id": "G-1", "state": "delivered"}, key="").status_code == 403


def test_by_mail_the_link_arrives_and_an_unknown_mailbox_fails_for_good(mailbox: list[str], people: People) -> None:
    agent = staff(1, *people.callback_agent().roles)
    now = timezone.now()
    one, other = due(people), due(people, phone="19900005678")
    good = links.invite_by_hand(one, channel=Channel.EMAIL, address="wang@example.org", by=agent, now=now)
    bad = links.invite_by_hand(other, channel=Channel.EMAIL, address="nobody@example.org", by=agent, now=now)

    states = [sending.send_message(each.messages.get().pk, timezone.now()) for each in (good, bad)]

    assert states == [Delivery.SENT, Delivery.FAILED]
    assert "To: wang@example.org" in mailbox[0]
    assert "@12345.example.org>" in mailbox[0]
    assert len(mailbox) == 1
    assert b"wang" not in bytes(Invitation.objects.get(pk=good.pk).address_sealed)


def test_a_mail_server_that_is_away_is_tried_again(settings: Any, people: People) -> None:
    settings.EMAIL_SENDER, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", 9
    agent = staff(1, *people.callback_agent().roles)
    made = links.invite_by_hand(
        due(people), channel=Channel.EMAIL, address="wang@example.org", by=agent, now=timezone.now()
    )

    assert sending.send_message(made.messages.get().pk, timezone.now()) == Delivery.QUEUED


def test_the_file_is_for_its_owner_only_and_lost_jobs_are_found(settings: Any, people: People, sent: Sent) -> None:
    made = links.invite(due(people), channel=Channel.SMS, now=timezone.now())
    message = made.messages.get()
    found = (sending.lost(timezone.now()), sending.lost(timezone.now() + timedelta(minutes=6)))

    sending.send_message(message.pk, timezone.now())

    file = next(settings.MESSAGE_DIR.glob("*.jsonl"))
    assert found == ([], [message.pk])
    assert [letter["id"] for letter in sent()] == [f"hf-{message.pk}-{made.seed[:8]}"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
