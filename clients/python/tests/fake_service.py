"""A service on the loopback interface whose answers a test decides."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Received(NamedTuple):
    method: str
    path: str
    key: str | None
    body: Any
    at: float


class Fault(NamedTuple):
    """Replaces the answer of a request."""

    status: int = 503
    problem: dict[str, Any] | str = {}  # noqa: RUF012
    headers: dict[str, str] = {}  # noqa: RUF012
    #: Seconds before the answer.
    delay: float = 0
    #: The request is processed, and the connection ends without an answer.
    lost_answer: bool = False


class FakeService:
    """Accepts everything, unless a fault is queued or `decide` returns one for the request."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.faults: list[Fault] = []
        self.decide: Callable[[Received], Fault | None] = lambda _: None
        #: Seconds by which its clock differs from this machine's.
        self.ahead = 0.0
        #: What was taken, by its id: doubles show in `doubled`.
        self.taken: dict[str, Any] = {}
        self.doubled: list[str] = []
        #: What clients reported about their outboxes.
        self.outboxes: list[Any] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def posted(self, path: str) -> list[Received]:
        return [request for request in self.requests if request.path == path]

    def _answer(self, request: Received) -> dict[str, Any]:
        if request.path == "/outboxes":
            self.outboxes.append(request.body)
            return request.body  # type: ignore[no-any-return]
        items = request.body if isinstance(request.body, list) else [request.body]
        if request.method == "POST":
            for item in items:
                name = request.key or item.get("fill_id") or item.get("order_id")
                if name in self.taken:
                    self.doubled.append(name)
                self.taken.setdefault(name, item)
        if request.path == "/snapshots":
            return {"snapshot_id": f"snapshot-{1 + [*self.taken].index(str(request.key))}"}
        return {"rejected": [], "status": "ok"}

    def _handler(service) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                request = Received(self.command, self.path, self.headers["Idempotency-Key"], body, time.monotonic())
                service.requests.append(request)
                isnt_health = request.path != "/health"
                fault = service.decide(request) or (service.faults.pop(0) if service.faults and isnt_health else None)
                if fault is None or fault.lost_answer:
                    answer: Any = service._answer(request)
                    if fault is None:
                        self.say(200, answer, {})
                else:
                    time.sleep(fault.delay)
                    self.say(fault.status, fault.problem, fault.headers)

            do_GET = do_POST = handle_any  # noqa: N815

            def say(self, status: int, content: dict[str, Any] | str, headers: dict[str, str]) -> None:
                payload = (content if isinstance(content, str) else json.dumps(content)).encode()
                self.send_response_only(status)
                for name, value in {"Date": formatdate(time.time() + service.ahead, usegmt=True), **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # the client has given up
                    self.wfile.write(payload)

        return Handler
