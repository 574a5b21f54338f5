"""HTTP on loopback: sockets, keep-alive, and the faults that need a hand on the connection."""

from __future__ import annotations

import contextlib
import select
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.hub import faults, limits, routes
from tests.hub.answers import Answer, Refused, Request
from tests.hub.faults import Failure, Fault

if TYPE_CHECKING:
    from tests.hub.server import StandInHub


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, hub: StandInHub) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.hub = hub
        self.open_sockets: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open_sockets.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open_sockets.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that leaves early is no error of ours.
        if not isinstance(sys.exception(), ConnectionError) and not self.hub.closing.is_set():
            super().handle_error(request, client_address)

    def stop(self, *, is_serving: bool) -> None:
        """End the kept-alive connections too, or their threads would wait for ever."""
        if is_serving:
            self.shutdown()
        for open_socket in list(self.open_sockets):
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "StandInHub"
    disable_nagle_algorithm = True
    # Head and body leave in one packet: two would wait for each other's acknowledgement.
    wbufsize = -1

    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are in `hub.requests`; nothing is printed."""

    def do_GET(self) -> None:
        hub, request = self.server.hub, self.read_request()
        with hub.lock:
            hub.requests.append(request)
            allowed, told = hub.rate.count(request)
            trouble = hub.plans.next_for(request) if allowed else None
        if trouble in (Fault.NO_ANSWER, Fault.HANG_UP):
            self.stay_silent(for_long=trouble is Fault.NO_ANSWER)
            return
        if hub.page_delay and request.path == "/api/models":
            hub.closing.wait(hub.page_delay)
        if trouble is Fault.SLOW:
            hub.closing.wait(hub.slow_seconds)
        answer = self.answer_to(request, trouble) if allowed else limits.too_many()
        answer.headers |= told | {name: value for name, value in answer.headers.items() if name in told}
        self.send(answer.packed_for(request), cut=trouble is Fault.CUT)

    do_HEAD = do_POST = do_GET

    def read_request(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        return Request(self.command, self.path, headers, body, self.client_address[0])

    def answer_to(self, request: Request, trouble: faults.Trouble | None) -> Answer:
        hub = self.server.hub
        if isinstance(trouble, int):
            return Failure(trouble).answer()
        if isinstance(trouble, Failure):
            return trouble.answer()
        try:
            with hub.lock:
                answer = routes.answer(hub, request)
                return faults.spoiled(answer, trouble, request, hub.endpoint) if trouble else answer
        except Refused as refused:
            return refused.answer

    def send(self, answer: Answer, *, cut: bool) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        body = b"" if self.command == "HEAD" else answer.body
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.wfile.flush()
        self.close_connection = self.close_connection or cut

    def stay_silent(self, *, for_long: bool) -> None:
        """Say nothing until the client leaves or the hub closes, then hang up."""
        self.close_connection = True
        closing, give_up_at = self.server.hub.closing, time.monotonic() + self.server.hub.silent_seconds
        while for_long and not closing.is_set() and time.monotonic() < give_up_at:
            readable, _, _ = select.select([self.connection], [], [], 0.05)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return
