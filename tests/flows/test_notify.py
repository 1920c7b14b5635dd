"""Who is told of a hotfix: channels of git's configuration, all at once, in ten seconds, and never with an address in
what anybody can read."""

from __future__ import annotations

import contextlib
import html
import json
import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from apprise_addresses import SECRET, addresses
from building import Project
from forge_programs import on_forge
from killing import running, settled

from git_hotfix.notify import send
from git_hotfix.notify.channels import Channel
from git_hotfix.notify.send import Message

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
    assert entries[-2:] == ["tell ops of finish", "ops was told of finish"]
    assert TOKEN not in fixed.clone.git("log", "--format=%B", "refs/hotfix/log/4711")
    assert fixed.remote.tip("refs/hotfix/log/4711") == fixed.clone.tip("refs/hotfix/log/4711")
    again = fixed.clone.hotfix("finish", "4711")
    assert (again.code, len(receiver.told)) == (0, 1)


def test_a_text_of_people_calls_nobody_and_is_no_mark_up(project: Project, receiver: Receiver) -> None:
    channel(project, receiver, "ops", "200", on="start")
    page = f"json://localhost:{receiver.server_port}/200?format=html"
    project.clone.git("config", "hotfix.notify.page.url", page)
    title = "@everyone <!channel> <https://e.org|here> <b>bold</b> \x1b[31mred"
    assert project.clone.hotfix("start", "4712", "-m", title).code == 0
    shown = "@\u200beveryone <\u200b!channel> <\u200bhttps://e.org|here> <b>bold</b> \\u001b[31mred"
    said = f"a hotfix of v1.4.2 was started: {shown}"
    assert {each["message"].replace("&nbsp;", " ") for each in receiver.told} == {said, html.escape(said)}


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
    assert shown.out.splitlines()[-1] == "next: git hotfix notify 4711 --replay"
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


@pytest.mark.slow
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


class _Proxy(ThreadingHTTPServer):
    """What every address leads to, through a proxy of the environment: it answers a status, nothing for a minute, or
    garbage where TLS is wanted."""

    end: str
    asked: int


class _ProxyHandler(BaseHTTPRequestHandler):
    def _end(self) -> None:
        end = self.server.end  # type: ignore[attr-defined]
        self.server.asked += 1  # type: ignore[attr-defined]
        if end == "timeout":
            time.sleep(15)
        elif end == "tls":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\nthis is no handshake\r\n")
        else:
            self.send_error(int(end))
        self.close_connection = True

    do_CONNECT = do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _end

    def log_message(self, *words: object) -> None:
        pass


def _commands_and_environments() -> str:
    """What `ps` shows of every process of this machine."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            with contextlib.suppress(OSError):
                found.append((place / name).read_bytes().decode("utf-8", "replace"))
    return "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("end", ["404", "500", "refused", "tls", "timeout"])
def test_no_scheme_shows_a_part_of_an_address_however_it_ends(project: Project, end: str) -> None:
    """Of every scheme of the Apprise that is installed."""
    clone = project.clone
    server = _Proxy(("127.0.0.1", 0), _ProxyHandler)
    server.end, server.asked = end, 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = 9 if end == "refused" else server.server_port
    known = addresses(port)
    with (clone.path / ".git" / "config").open("a") as file:
        for scheme, address in known.items():
            file.write(f'[hotfix "notify.c-{scheme}"]\n\turl = "{address}"\n')
    proxy = f"http://localhost:{port}"
    env = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"), proxy)
    shown: list[str] = []
    watching = threading.Thread(target=lambda: [time.sleep(2.5), shown.append(_commands_and_environments())])
    watching.start()
    answer = clone.hotfix("notify", "--test", "--verbose", env=env)
    watching.join()
    server.shutdown()
    ends = Counter(line.partition(": ")[2] for line in answer.out.splitlines())
    assert (answer.code, answer.err, ends.total()) == (3, "", len(known))
    assert ends["not sent: Apprise knows no such scheme, or the address is incomplete"] < len(known) / 2
    assert end == "refused" or server.asked > len(known) / 4
    said = (answer.out + answer.err + "".join(shown)).lower()
    assert SECRET not in said
    beside = [file for file in (*project.root.rglob("*"),) if file.is_file() and ".git/config" not in str(file)]
    assert [file for file in beside if SECRET.encode() in file.read_bytes().lower()] == []


@pytest.mark.parametrize(
    ("module", "says"),
    [
        (None, "not installed"),
        ("raise SystemExit(0)\n", "does not start"),
        ("import nothing_of_this_name\n", "does not start"),
        ("def broken(:\n", "does not start"),
        ("import os; os._exit(1)\n", "does not start"),
        ("import json\n", "the channel refused"),
    ],
)
def test_an_apprise_that_is_missing_or_broken_is_said(
    module: str | None, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = send._PROGRAM
    if module is None:
        program = program.replace("from git", "sys.modules['apprise'] = None; from git")
    else:
        (tmp_path / "apprise.py").write_text(module)
        program = program.replace("sys.path += sys.argv[1:]", f"sys.path[:0] = [{str(tmp_path)!r}, *sys.argv[1:]]")
    monkeypatch.setattr(send, "_PROGRAM", program)
    [end] = send.send_messages([(Channel("ops", f"json://{TOKEN}@localhost"), Message("a", "b"))])
    assert says in send.SAYS[end]


def test_an_apprise_that_starts_too_slowly_has_sent_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apprise.py").write_text("import time; time.sleep(30)\n")
    program = send._PROGRAM.replace("sys.path += sys.argv[1:]", f"sys.path[:0] = [{str(tmp_path)!r}, *sys.argv[1:]]")
    monkeypatch.setattr(send, "_PROGRAM", program)
    assert send.send_messages([(Channel("ops", "json://localhost"), Message("a", "b"))], patience=0.5) == ["not-begun"]


def test_no_module_of_the_repository_is_run(fixed: Project, receiver: Receiver) -> None:
    clone = fixed.clone
    for name in ("apprise", "json", "git_hotfix"):
        (clone.path / f"{name}.py").write_text("open('was-run', 'w')\n")
    channel(fixed, receiver, "ops", "200")
    assert clone.hotfix("notify", "--test").code == 0
    assert not (clone.path / "was-run").exists()


def test_a_configuration_that_a_repository_brings_tells_nobody(fixed: Project, receiver: Receiver) -> None:
    clone = fixed.clone
    text = f'[hotfix "notify.ops"]\n\turl = json://localhost:{receiver.server_port}/200\n'
    clone.commit("a configuration", {".gitconfig": text, "git/config": text})
    answer = clone.hotfix("notify", "--test")
    assert (answer.code, answer.err.splitlines()[0]) == (2, "git hotfix: no channel is set")
    assert receiver.told == []


@pytest.mark.parametrize(
    "address", ["json://a\nb@localhost/" + TOKEN, "\n" + TOKEN, "json://" + TOKEN * 5_000, TOKEN + ":x"]
)
def test_an_odd_address_is_not_shown_either(project: Project, address: str) -> None:
    clone = project.clone
    quoted = address.replace("\n", "\\n")
    with (clone.path / ".git" / "config").open("a") as file:
        file.write(f'[hotfix "notify.odd"]\n\turl = "{quoted}"\n[hotfix "notify.swapped"]\n\ton = "{quoted}"\n')
    answer = clone.hotfix("notify", "--test")
    assert (answer.code, len(answer.out.splitlines()), TOKEN in answer.out + answer.err) == (3, 1, False)


_FORGE = """\
#!{python}
import json, os, sys
words = [word for word in sys.argv[1:] if not word.startswith("--")]
body = next((word.split("=", 2)[2] for word in sys.argv[1:] if word.startswith("--raw-field=body=")), None)
who, me = ("author", {{"username": "ada"}}) if sys.argv[0].endswith("glab") else ("user", {{"login": "ada"}})
state = {state!r}
there = json.load(open(state)) if os.path.exists(state) else {{"deployments": [], "notes": [
    {{"id": 1, "body": "<!-- git-hotfix 4712 --> not ours", who: {{"login": "mallory", "username": "mallory"}}}}]}}
notes = there["notes"]
if words[1] == "user":
    print(json.dumps(me))
elif "deployments" in words[1]:
    if "--input=-" in sys.argv:
        there["deployments"].append(json.load(sys.stdin))
    elif {broken}:
        sys.exit("HTTP 403: https://ada:secret@forge.example/ says no")
    else:
        print(json.dumps(there["deployments"]))
elif body is None:
    print(json.dumps(notes[:1]) + json.dumps(notes[1:]))
elif "--method=POST" in sys.argv:
    notes.append({{"id": len(notes) + 1, "body": body, who: me}})
    print(json.dumps(notes[-1]))
else:
    next(note for note in notes if words[1].endswith("/%d" % note["id"]))["body"] = body
json.dump(there, open(state, "w"))
"""


def forge(project: Project, program: str, host: str, *, broken: bool = False) -> dict[str, str]:
    """A stand-in for gh or glab whose comments and deployments are in `bin/state`; the environment that finds it."""
    folder = project.root / "bin"
    folder.mkdir()
    (folder / program).write_text(_FORGE.format(python=sys.executable, state=str(folder / "state"), broken=broken))
    (folder / program).chmod(0o755)
    on_forge(project, host)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def on_the_forge(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project.root / "bin" / "state").read_text())
    return found


@pytest.mark.parametrize(
    ("program", "host"),
    [("gh", "github.example"), pytest.param("glab", "gitlab.example", marks=pytest.mark.slow)],
)
def test_the_issue_gets_one_comment_that_lists_what_was(project: Project, program: str, host: str) -> None:
    clone, env = project.clone, forge(project, program, host)
    clone.git("config", "hotfix.notify.comment.on", "start finish")
    started = clone.hotfix("start", "4712", "-m", "@all: fixes #1 <b>now</b>", env=env)
    assert (started.code, "comment: written\n" in started.err) == (0, True), started.err
    clone.commit("one line", {"app.py": "x = 2\n"})
    finished = clone.hotfix("finish", "--yes", env=env)
    assert (finished.code, "comment: written\n" in finished.err) == (0, True), finished.err
    hostile, ours = on_the_forge(project)["notes"]
    assert hostile["body"] == "<!-- git-hotfix 4712 --> not ours"
    lines = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "WHEN", ours["body"]).splitlines()
    title = "@&#8203;all: f&#8203;ixes #&#8203;1 \\<b>now\\</b>"
    assert lines == [
        "<!-- git-hotfix 4712 -->",
        "**Hotfix 4712** (P1)",
        "",
        f"- WHEN · start: a hotfix of v1.4.2 was started: {title}",
        f"- WHEN · finish: {title}: v1.4.3 is on main; every target has the fix",
    ]
    facts = clone.git("log", "--format=%(trailers:key=Comment,valueonly)", "refs/hotfix/log/4712").split()
    assert facts == ["2", "2"]


@pytest.mark.slow
def test_a_colleague_s_comment_is_edited_where_the_logbook_knows_it(fixed: Project) -> None:
    clone, env = fixed.clone, forge(fixed, "gh", "github.example")
    notes = [{"id": 7, "body": "<!-- git-hotfix 4711 -->\nold", "user": {"login": "bo"}}]
    (fixed.root / "bin" / "state").write_text(json.dumps({"deployments": [], "notes": notes}))
    entry = "tell\n\nHotfix-Entry: notification\nChannel: comment\nOccasion: start\nState: sent\nComment: 7\n"
    tip = clone.tip("refs/hotfix/log/4711")
    told = clone.git("commit-tree", "-p", tip, "-m", entry, f"{tip}^{{tree}}")
    clone.git("update-ref", "refs/hotfix/log/4711", told)
    clone.git("config", "hotfix.notify.comment.on", "finish")
    assert clone.hotfix("finish", "--yes", env=env).code == 0
    assert [(note["id"], "finish: " in note["body"]) for note in on_the_forge(fixed)["notes"]] == [(7, True)]


@pytest.mark.slow
def test_a_deployment_is_asked_for_once_and_merges_nothing(fixed: Project) -> None:
    clone, env = fixed.clone, forge(fixed, "gh", "github.example")
    clone.git("config", "hotfix.notify.deployment", "production")
    finished = clone.hotfix("finish", "--yes", env=env)
    assert (finished.code, "deployment: asked for\n" in finished.err) == (0, True), finished.err
    wanted = {
        "ref": "v1.4.3",
        "environment": "production",
        "description": "Hotfix 4711",
        "auto_merge": False,
        "required_contexts": [],
    }
    assert on_the_forge(fixed)["deployments"] == [wanted]
    sent = [{"key": "deployment", "event": "finish", "state": "sent", "tries": 1}]
    assert clone.hotfix("notify", "4711", "--format", "json").json["sent"] == sent
    assert clone.hotfix("finish", "4711", env=env).code == 0
    assert on_the_forge(fixed)["deployments"] == [wanted]


@pytest.mark.slow
def test_a_deployment_that_is_refused_stops_no_fix_and_there_is_never_a_second(fixed: Project) -> None:
    clone, env = fixed.clone, forge(fixed, "gh", "github.example", broken=True)
    clone.git("config", "hotfix.notify.deployment", "production")
    finished = clone.hotfix("finish", "--yes", env=env)
    assert (finished.code, "deployment: not asked for: gh: HTTP 403: " in finished.err) == (0, True)
    assert "secret" not in finished.out + finished.err
    (fixed.root / "bin" / "state").write_text(json.dumps({"deployments": [{"id": 1}], "notes": []}))
    script = fixed.root / "bin" / "gh"
    script.write_text(script.read_text().replace("elif True:", "elif False:"))
    again = clone.hotfix("notify", "4711", "--replay", env=env)
    assert (again.code, again.err) == (0, "deployment: v1.4.3 has a deployment already\n")
    assert on_the_forge(fixed)["deployments"] == [{"id": 1}]
