"""Stand-ins for `gh` and `glab`: they remember what they were told, and keep the pull requests that they opened."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from building import Project

# Both know the two words that are used of them, and refuse any option that the real ones have not.
_SCRIPT = """\
#!{python}
import json, os, sys
known = {known}
words, flags = [w for w in sys.argv[1:] if not w.startswith("--")], {{}}
for word in sys.argv[1:]:
    if word.startswith("--"):
        key, _, value = word[2:].partition("=")
        if key not in known:
            sys.exit("unknown flag: --" + key)
        flags[key] = value
with open({calls!r}, "a") as file:
    file.write(json.dumps([words, flags]) + "\\n")
if {broken}:
    sys.exit("To get started with \\x1b[1mGitHub CLI\\x1b[m, please run: gh auth login https://ada:secret@forge.example/")
state = {state!r}
made = json.load(open(state)) if os.path.exists(state) else {{}}
ends = flags.get("head", flags.get("source-branch")) + " " + flags.get("base", flags.get("target-branch"))
if words[1] == "list":
    print(json.dumps([{{{link!r}: made[ends]}}] if ends in made else []))
elif ends in made:
    sys.exit("a pull request between these branches already exists: " + made[ends])
else:
    made[ends] = "https://forge.example/acme/shop/pull/" + str(len(made) + 1)
    json.dump(made, open(state, "w"))
    print("\\nCreating pull request for " + ends + "\\n\\n" + made[ends])
"""
_KNOWN = {
    "gh": "repo head base state limit json title body draft",
    "glab": "repo source-branch target-branch output title description yes draft",
}


@dataclass(frozen=True)
class Programs:
    """Where the stand-ins lie, and what they were told."""

    folder: Path

    @property
    def env(self) -> dict[str, str]:
        import os

        return {"PATH": f"{self.folder}{os.pathsep}{os.environ['PATH']}"}

    @property
    def calls(self) -> list[tuple[list[str], dict[str, str]]]:
        file = self.folder / "calls"
        return [tuple(json.loads(line)) for line in file.read_text().splitlines()] if file.exists() else []

    @property
    def open(self) -> dict[str, str]:
        """`<from> <to>` → page."""
        file = self.folder / "state"
        return json.loads(file.read_text()) if file.exists() else {}


def install(project: Project, name: str, *, broken: bool = False) -> Programs:
    """Put a stand-in on a PATH of its own, and give the remote a name that a forge could have."""
    folder = project.root / "bin"
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(_SCRIPT.format(
        python=sys.executable, known=set(_KNOWN[name].split()), calls=str(folder / "calls"), broken=broken,
        state=str(folder / "state"), link="url" if name == "gh" else "web_url",
    ))  # fmt: skip
    program.chmod(0o755)
    return Programs(folder)


def on_forge(project: Project, host: str) -> None:
    """The clone knows its remote under a forge's name."""
    clone = project.clone
    address = f"git@{host}:acme/shop.git"
    clone.git("config", f"url.{project.remote.path}.insteadOf", address)
    clone.git("remote", "set-url", "origin", address)
