"""Who is told of a hotfix: channels of git's configuration, all at once, in ten seconds, and never with an address in
what anybody can read."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from building import Project
from forge_programs import on_forge
from killing import running, settled

TOKEN = "s3cr3t-token-of-ops"


class Receiver(ThreadingHTTPServer):
    """A channel on this machine: the first part of a path is the status that it answers, `slow` never does."""

    told: ClassVar[list[dict[str, Any]]]


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        what = self.path.strip("/").split("/")[0]
        if what == "slow":
            time.sleep(60)
        self.server.told.append({"path": self.path, **body})  # type: ignore[attr-defined]
        self.send_response(int(what))
        self.end_headers()

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver(("127.0.0.1", 0), _Handler)
    server.told = []  # type: ignore[misc]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def channel(project: Project, receiver: Receiver, name: str, answer: str, **settings: str) -> None:
    """A channel that answers so, with a token in its address."""
    address = f"json://ada:{TOKEN}@localhost:{receiver.server_port}/{answer}/{TOKEN}"
    project.clone.git("config", f"hotfix.notify.{name}.url", address)
    for key, value in settings.items():
        project.clone.git("config", f"hotfix.notify.{name}.{key.replace('_', '-')}", value)


def test_a_finish_tells_each_channel_once(fixed: Project, receiver: Receiver) -> None:
    channel(fixed, receiver, "ops", "200")
    channel(fixed, receiver, "later", "200", on="close")
    answer = fixed.clone.hotfix("finish", "--yes")
    assert answer.code == 0
    assert "ops (json): sent\n" in answer.err
    assert TOKEN not in answer.out + answer.err
    assert [(each["title"], each["message"]) for each in receiver.told] == [
        ("Hotfix 4711 (P0)", "Checkout fails: v1.4.3 is on main; every target has the fix")
    ]
    entries = fixed.clone.log("4711")
    assert [each for each in entries if "ops" in each] == ["tell ops of finish", "ops was told of finish"]
    assert TOKEN not in fixed.clone.git("log", "--format=%B", "refs/hotfix/log/4711")
    assert fixed.remote.tip("refs/hotfix/log/4711") == fixed.clone.tip("refs/hotfix/log/4711")
    again = fixed.clone.hotfix("finish", "4711")
    assert (again.code, len(receiver.told)) == (0, 1)


def test_a_dry_run_tells_nobody(fixed: Project, receiver: Receiver) -> None:
    channel(fixed, receiver, "ops", "200")
    assert fixed.clone.hotfix("finish", "--dry-run").code == 0
    assert receiver.told == []


def test_a_channel_that_fails_stops_no_fix_and_is_told_again_on_request(fixed: Project, receiver: Receiver) -> None:
    channel(fixed, receiver, "ops", "500")
    answer = fixed.clone.hotfix("finish", "--yes")
    assert answer.code == 0
    assert "ops (json): not sent: the channel refused or could not be reached\n" in answer.err
    shown = fixed.clone.hotfix("notify", "4711")
    assert shown.out.splitlines()[-1] == "next: git hotfix notify --replay 4711"
    channel(fixed, receiver, "ops", "200")
    again = fixed.clone.hotfix("notify", "4711", "--replay", "--format", "json")
    assert (again.code, again.json["sent"]) == (
        0,
        [{"key": "ops", "event": "finish", "state": "sent", "tries": 2}],
    )
    assert fixed.clone.hotfix("notify", "4711", "--format", "json").json["sent"] == again.json["sent"]


@pytest.mark.slow
def test_a_channel_that_does_not_answer_costs_ten_seconds_at_most(fixed: Project, receiver: Receiver) -> None:
    for name in ("one", "two", "three"):
        channel(fixed, receiver, name, "slow")
    channel(fixed, receiver, "ops", "200")
    begun = time.monotonic()
    answer = fixed.clone.hotfix("finish", "--yes")
    assert (answer.code, len(receiver.told)) == (0, 1)
    assert time.monotonic() - begun < 10 + 10
    assert TOKEN not in answer.out + answer.err


def test_what_a_killed_run_was_sending_is_unknown_and_is_sent_again_only_on_request(
    fixed: Project, receiver: Receiver
) -> None:
    clone = fixed.clone
    channel(fixed, receiver, "ops", "slow")
    with running(clone, "finish", "--yes") as process:
        while "tell ops of finish" not in clone.log("4711"):
            time.sleep(0.05)
            assert process.poll() is None
    settled(clone)
    channel(fixed, receiver, "ops", "200")
    sent = [{"key": "ops", "event": "finish", "state": "unknown", "tries": 1}]
    assert clone.hotfix("notify", "4711", "--format", "json").json["sent"] == sent
    assert clone.hotfix("finish", "4711").code == 0
    assert receiver.told == []
    assert clone.hotfix("notify", "4711", "--replay").code == 0
    assert len(receiver.told) == 1


def test_a_test_names_channels_by_their_key_and_scheme_only(fixed: Project, receiver: Receiver) -> None:
    clone = fixed.clone
    assert clone.hotfix("notify", "--test").code == 2
    channel(fixed, receiver, "ops", "200")
    channel(fixed, receiver, "pager", "404")
    clone.git("config", "hotfix.notify.odd.url", f"nonsense://{TOKEN}@host")
    clone.git("config", "hotfix.notify.word.url", TOKEN)
    clone.git("config", "hotfix.notify.none.on", "finish")
    answer = clone.hotfix("notify", "--test")
    assert (answer.code, answer.err) == (3, "hotfix.notify.none.url: is not set\n")
    assert answer.out.splitlines() == [
        "odd (nonsense): not sent: Apprise knows no such scheme, or the address is incomplete",
        "ops (json): sent",
        "pager (json): not sent: the channel refused or could not be reached",
        "word: not sent: Apprise knows no such scheme, or the address is incomplete",
    ]
    assert clone.log("4711") == ["start hotfix 4711: Checkout fails"]


SCHEMES = (
    "json xml form discord slack tgram mailto mailtos matrix mattermost rocket gotify ntfy pover pbul pagerduty "
    "opsgenie twilio telegram msteams webexteams zulip ifttt signal signals matrixs gotifys ntfys jsons xmls forms"
).split()


@pytest.mark.slow
@pytest.mark.parametrize("end", ["404", "500", "refused", "tls", "slow"])
def test_no_scheme_shows_an_address_however_it_ends(fixed: Project, receiver: Receiver, end: str) -> None:
    port = 1 if end == "refused" else receiver.server_port
    place = f"localhost:{port}/{end if end.isdecimal() or end == 'slow' else 200}"
    for number, scheme in enumerate(SCHEMES):
        address = f"{scheme}://ada:{TOKEN}@{place}/{TOKEN}/{TOKEN}?verify=yes"
        fixed.clone.git("config", f"hotfix.notify.c{number}.url", address)
    answer = fixed.clone.hotfix("notify", "--test")
    assert TOKEN not in answer.out + answer.err
    assert len(answer.out.splitlines()) == len(SCHEMES)
    assert answer.err == ""


_FORGE = """\
#!{python}
import json, os, sys
words = [word for word in sys.argv[1:] if not word.startswith("--")]
body = next((word.split("=", 2)[2] for word in sys.argv[1:] if word.startswith("--raw-field=body=")), None)
state = {state!r}
notes = json.load(open(state)) if os.path.exists(state) else [{{"id": 1, "body": "<!-- git-hotfix 4711 --> not ours",
    "user": {{"login": "mallory"}}}}]
if words[1] == "user":
    print(json.dumps({{"login": "ada"}}))
elif body is None:
    print(json.dumps(notes))
elif "--method=POST" in sys.argv:
    notes.append({{"id": len(notes) + 1, "body": body, "user": {{"login": "ada"}}}})
else:
    next(note for note in notes if words[1].endswith("/%d" % note["id"]))["body"] = body
json.dump(notes, open(state, "w"))
"""


def test_the_issue_gets_one_comment_that_is_edited_in_place(fixed: Project) -> None:
    clone, folder = fixed.clone, fixed.root / "bin"
    folder.mkdir()
    state = folder / "state"
    (folder / "gh").write_text(_FORGE.format(python=sys.executable, state=str(state)))
    (folder / "gh").chmod(0o755)
    on_forge(fixed, "github.example")
    clone.git("config", "hotfix.notify.comment.on", "finish rollback")
    env = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    finished = clone.hotfix("finish", "--yes", env=env)
    assert (finished.code, "comment: written\n" in finished.err) == (0, True)
    notes = json.loads(Path(state).read_text())
    assert [note["body"] for note in notes] == [
        "<!-- git-hotfix 4711 --> not ours",
        "<!-- git-hotfix 4711 -->\nCheckout fails: v1.4.3 is on main; every target has the fix",
    ]
