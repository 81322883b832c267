"""The client of a bench: one kept connection, and little processor time of its own, for it shares the cores."""

import http.client
import json
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

Lost = (http.client.HTTPException, OSError)  # no answer came
_PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def post(self, path: str, body: object, *, token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self._ask("POST", path, json.dumps(body).encode(), headers)

    def get(self, path: str, *, session: str) -> Answer:
        return self._ask("GET", path, None, {"Cookie": f"sessionid={session}"})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        try:
            self._connection.request(method, path, body=body, headers=headers)
            answer = self._connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except Lost:
            self._connection.close()  # the next request opens it anew
            raise
