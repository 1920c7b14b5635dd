"""What the form proposes while nobody answered: a value made of facts, with the words that say of which."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from git_hotfix.form.answers import read_answer
from git_hotfix.model.command_line import command_line
from git_hotfix.model.form import BY_ID, FIELDS
from git_hotfix.model.frozen import field, frozen, replace
from git_hotfix.model.words import one_line

# A folder that only says that source code is below it; the one in it names a part of the product.
_ALL_CODE = frozenset(("app", "apps", "cmd", "components", "crates", "internal", "lib", "libs", "modules", "packages"))
_SOURCE = _ALL_CODE | {"pkg", "projects", "services", "source", "sources", "src"}
_FOLDERS = 12  # a fix that touches more says little by their names


@frozen
class Known:
    """The facts of one hotfix that answers are made of. What nobody knows is empty, or None where "nothing was found"
    is an answer too.

    `tag` is what the hotfix is, or will be, called. `paths` are the changed files of production, `subjects` those of
    the commits, oldest first. `breaks` is what the gates say that others lose, `infrastructure` which files of it
    changed. `contacts` are by the end of the field's id. `deploys`: the user has a command for it. `monitors` are what
    the user watches after a deployment, each with its limits in words, and `watched` for how many seconds.
    """

    tag: str = ""
    paths: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    breaks: tuple[str, ...] | None = None
    infrastructure: tuple[str, ...] | None = None
    contacts: Mapping[str, str] = field(default_factory=dict)
    deploys: bool = False
    monitors: tuple[str, ...] = ()
    watched: float = 0.0
    pull_request: str = ""
    release: str = ""
    issue_title: str = ""
    issue_text: str = ""


@frozen
class Proposal:
    """A value that nobody gave yet, and the fact that it is made of, in words."""

    value: str
    source: str


def propose(known: Known) -> Mapping[str, Proposal]:
    """Field → what is proposed for it; a field of which no fact speaks, or whose proposal would be refused as an
    answer, is left out."""
    found = {each.id: _PROPOSALS[each.prefill](known, each.id) for each in FIELDS if each.prefill in _PROPOSALS}
    found["summary"] = Proposal(known.issue_title, "the title of the issue")
    found["problem"] = Proposal(known.issue_text, "the text of the issue")
    read = {id: replace(each, value=_as_answer(id, each.value)) for id, each in found.items()}
    return {id: each for id, each in read.items() if each.value}


def _as_answer(id: str, value: str) -> str:
    """`value` as it would be recorded; "" where it would be refused."""
    try:
        return read_answer(BY_ID[id], value)
    except ValueError:
        return ""


def _folders(known: Known, id: str) -> Proposal:
    names = dict.fromkeys(map(_folder_of, known.paths))
    return Proposal("\n".join(names) if len(names) <= _FOLDERS else "", "the files that the fix changes")


def _folder_of(path: str) -> str:
    """The first folder that names a part of the product; of a file at the top its own name."""
    parts = one_line(path).split("/")
    end = 2 if len(parts) > 2 and parts[0].lower() in _SOURCE else 1
    return "/".join(parts[:end])


def _subjects(known: Known, id: str) -> Proposal:
    subjects = [one_line(subject) for subject in known.subjects]
    text = subjects[0] if len(subjects) == 1 else "\n".join(f"- {subject}" for subject in subjects)
    return Proposal(text, "the subjects of the commits")


def _breaking(known: Known, id: str) -> Proposal:
    if known.breaks is None:
        return Proposal("", "")
    value = f"yes: {'; '.join(map(one_line, known.breaks))}" if known.breaks else "none"
    return Proposal(value, "the gates definition-removed and dependency-change")


def _rollback(known: Known, id: str) -> Proposal:
    if not known.tag:
        return Proposal("", "")
    return Proposal(f"{command_line('rollback', known.tag)}\ngit hotfix finish", "the hotfix's tag")


def _deploy(known: Known, id: str) -> Proposal:
    return Proposal("git hotfix run deploy" if known.deploys else "", "your git config, hotfix.run.deploy")


def _monitors(known: Known, id: str) -> Proposal:
    return Proposal("\n".join(map(one_line, known.monitors)), "your git config, hotfix.monitor")


def _watched(known: Known, id: str) -> Proposal:
    minutes, rest = divmod(round(known.watched), 60)
    return Proposal(f"{minutes}m" if minutes and not rest else "", "your git config, hotfix.monitor")


def _contact(known: Known, id: str) -> Proposal:
    name = id.removeprefix("contact-")
    return Proposal(one_line(known.contacts.get(name, "")), f"your git config, hotfix.contact.{name}")


def _none(known: Known, id: str) -> Proposal:
    """Nothing but code changed: then no configuration, nothing outside and no machine is part of the fix."""
    return Proposal("none" if known.infrastructure == () else "", "the gate infrastructure, which found nothing")


_PROPOSALS: Mapping[str, Callable[[Known, str], Proposal]] = {
    "folders": _folders,
    "subjects": _subjects,
    "breaking": _breaking,
    "rollback": _rollback,
    "deploy": _deploy,
    "monitors": _monitors,
    "watched": _watched,
    "config": _contact,
    "none": _none,
    "pull-request": lambda known, id: Proposal(known.pull_request, "the pull request that was opened"),
    "release": lambda known, id: Proposal(known.release, "the remote's address and the tag"),
}
"""The facts that a field may be prefilled from (`Field.prefill`)."""
