"""A real smart-HTTP server for one folder of repositories: `git http-backend` behind Python's own HTTP server.

It listens on 127.0.0.1 at a free port, in threads of the test. `Fault` says at which request it breaks, and how.
"""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

from building import Project

Break = Literal["drop", "drop after", "hang", "hang after", "cut after", "gone", "gone after"]
GREETING = "GET info/refs?service=git-receive-pack"
PUSH = "POST git-receive-pack"
FETCH = "POST git-upload-pack"
ASK = "GET info/refs?service=git-upload-pack"


@dataclass
class Fault:
    """Break `times` requests of one kind whose body holds `word`.

    "drop" closes the connection unanswered, "hang" never answers, each before the backend has run or "after" it; "cut"
    sends the head of the answer only; "gone" drops this and every later request, until the fault is lifted. A client
    whose connection is dropped sends the same once more by itself: `times` has to be 2 for it to notice.
    """

    kind: str
    how: Break
    word: bytes = b""
    times: int = 1
    met: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Request:
    """What the server was asked: its kind, how the body came, and the code of the answer (0: none)."""

    kind: str
    chunked: bool
    zipped: bool
    code: int


class Server:
    """The server of one folder. `login` is `user:password`; without one anybody may read and push."""

    def __init__(self, root: Path, environment: Mapping[str, str], login: str | None = None) -> None:
        self.root = root
        self.environment = environment
        self.login = login
        self.fault: Fault | None = None
        self.requests: list[Request] = []
        self.over = threading.Event()
        handler = type("Handler", (_Handler,), {"server_of_test": self})
        self._listener = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._listener.daemon_threads = True
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._listener.server_address[1]}"

    def url(self, name: str, login: str = "") -> str:
        return f"http://{login}{'@' if login else ''}{self.place}/{name}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Answer nobody any more; whoever hangs is let go."""
        self.over.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()

    def pushes(self) -> list[Request]:
        return [each for each in self.requests if each.kind == PUSH]

    def breaks(self, kind: str, body: bytes) -> Fault | None:
        """The fault that this request meets."""
        fault = self.fault
        if fault is None or (fault.how.startswith("gone") and fault.met.is_set()):
            return fault and Fault(kind, "drop")
        if fault.kind != kind or fault.word not in body or fault.times == 0:
            return None
        fault.times -= 1
        return fault


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of_test: Server

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self._body())

    def log_message(self, *arguments: object) -> None:
        """Say nothing: the test reads `Server.requests`."""

    @property
    def _chunked(self) -> bool:
        return "chunked" in self.headers.get("Transfer-Encoding", "").lower()

    def _body(self) -> bytes:
        if not self._chunked:
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(pieces)

    def _serve(self, body: bytes) -> None:
        server = self.server_of_test
        kind = f"{self.command} {self.path.partition('.git/')[2]}"
        fault = server.breaks(kind, body)
        code, head, answer = 0, {}, b""
        if fault is None or fault.how.endswith("after"):
            code, head, answer = self._refused() or self._backend(body)
        zipped = self.headers.get("Content-Encoding") == "gzip"
        server.requests.append(Request(kind, self._chunked, zipped, 0 if fault else code))
        if fault:
            fault.met.set()
            if fault.how.startswith("hang"):
                server.over.wait()
            self.close_connection = True
            if not fault.how.startswith("cut"):
                return
            answer = b""
        self.send_response_only(code)
        for name, value in head.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def _refused(self) -> tuple[int, dict[str, str], bytes] | None:
        login = self.server_of_test.login
        sent = self.headers.get("Authorization", "")
        if login is None or sent == f"Basic {base64.b64encode(login.encode()).decode()}":
            return None
        return 401, {"WWW-Authenticate": 'Basic realm="git"'}, b""

    def _backend(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Run git's CGI program: what it answers, head and body."""
        server = self.server_of_test
        path, _, query = self.path.partition("?")
        told = {
            "GIT_HTTP_EXPORT_ALL": "1", "GIT_PROJECT_ROOT": str(server.root), "PATH_INFO": path, "QUERY_STRING": query,
            "REQUEST_METHOD": self.command, "REMOTE_ADDR": "127.0.0.1", "REMOTE_USER": "somebody",
            "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }  # fmt: skip
        done = subprocess.run(
            ["git", "-c", "http.receivepack=true", "http-backend"], input=body, capture_output=True,
            env={**os.environ, **server.environment, **told},
        )  # fmt: skip
        top, _, answer = done.stdout.partition(b"\r\n\r\n")
        head = dict(line.split(": ", 1) for line in top.decode().splitlines())
        return int(head.pop("Status", "200").split()[0]), head, answer


@contextmanager
def serving(project: Project, login: str | None = None, *, quoted: str = "") -> Iterator[Server]:
    """A server of the project's remote; the clone's `origin` is its address, with the `quoted` login in it."""
    server = Server(project.root, project.remote.environment, login)
    server.start()
    try:
        project.clone.git("remote", "set-url", "origin", server.url("remote.git", quoted))
        yield server
    finally:
        server.stop()
