"""The documents of a hotfix: which template each is made of, what was written of it before, and what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from git_hotfix.context import Context
from git_hotfix.documents.contents import Contents
from git_hotfix.documents.filled import CHOICES, contents_of
from git_hotfix.documents.merge import MergedDocument
from git_hotfix.documents.paper import Paper
from git_hotfix.documents.rendering import Rendering
from git_hotfix.documents.templates import TEMPLATE_SIZE, render_document
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import blobs
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import Oid
from git_hotfix.record import logbook

if TYPE_CHECKING:
    from importlib.abc import Traversable

Kind = Literal["pr", "postmortem", "incident-log", "report"]
DOCUMENT, PLACE, BLOB, RENDERING = "Document", "Place", "Blob", "rendering.json"
"""The trailers of an entry that says that a document was written: where, and as which blob it was committed; and what
is attached to it."""
_END = ".md.j2"


@frozen
class Filled:
    """A document that was filled in: the name of its template, what it was filled from, and its rendering."""

    kind: Kind
    template: str
    contents: Contents
    rendering: Rendering

    @property
    def gaps(self) -> tuple[str, ...]:
        """The answers and facts that it shows and that nobody gave yet, each once."""
        shown = dict.fromkeys(_asked_as(id.partition("~")[0]) for id in self.rendering.values)
        known = {**self.contents.facts, **self.contents.fields}
        return tuple(id for id in shown if id in known and not known[id])


@frozen
class Written:
    """What a command made of a document: its file here (`path`), its page on the forge, the full reference that holds
    it; whether it `changed` there, what was `merged` with the lines of people, and the `text` where it is printed."""

    path: str | None = None
    page: str | None = None
    ref: str | None = None
    changed: bool = False
    merged: MergedDocument | None = None
    text: str = ""

    @property
    def dropped(self) -> tuple[str, ...]:
        """The ids of facts whose lines people deleted."""
        return self.merged.dropped if self.merged else ()


def fill(context: Context, paper: Paper, kind: Kind, *, template: str | None = None) -> Filled:
    """Fill in a document. `template` is one of ours (standard, extended), or the path of the team's own on production.

    Raises `Failure` (exit 2) for a template that is not there or that cannot be used.
    """
    documents = context.snapshot.policy.documents
    wanted = template or {"pr": documents.pull_request, "postmortem": documents.postmortem_template}.get(kind) or kind
    contents = contents_of(paper)
    own = own_templates(kind).get(wanted)
    source = (_folder() / own).read_bytes() if own else _read_template(context, paper.hotfix, kind, wanted)
    return Filled(kind, wanted, contents, render_document(source, contents, wanted))


def own_templates(kind: Kind) -> dict[str, str]:
    """The templates of ours for a document, by the word for `--template`: `pr-standard.md.j2` is the `standard` one of
    `pr`, and the only one of a document (`report.md.j2`) is called as the document is."""
    names = sorted(each.name for each in _folder().iterdir() if each.name.endswith(_END))
    words = {name.removesuffix(_END).removeprefix(f"{kind}-"): name for name in names if name.startswith(f"{kind}-")}
    return {kind: f"{kind}{_END}"} if f"{kind}{_END}" in names else words


def _folder() -> Traversable:
    return resources.files("git_hotfix.documents") / "templates"


def _read_template(context: Context, hotfix: Hotfix, kind: Kind, path: str) -> bytes:
    """A team's own template, a plain file of production's tip on the remote: no link, nothing of the working tree."""
    tip = context.snapshot.refs.branches[hotfix.production]
    found = blobs.find_plain_file(context.git, tip, path)
    if found and found[1] > TEMPLATE_SIZE:
        raise Failure(f"{path} is larger than {TEMPLATE_SIZE:,} bytes", hint=f"shorten it on {hotfix.production}",
                      code=ExitCode.USAGE)  # fmt: skip
    content = blobs.read(context.git, [found[0]])[0] if found else None
    if content is None:
        raise Failure(
            f"there is no template {path} on {hotfix.production}",
            hint=f"ours are {', '.join(own_templates(kind))}; else the path of a file on the production branch",
            code=ExitCode.USAGE,
        )
    return content


def earlier_renderings(context: Context, book: Logbook, kind: Kind, place: str) -> tuple[Rendering, ...]:
    """Every rendering of this document at this place that the logbook holds, oldest first."""
    written = [entry for entry in book.of_kind("document") if _is_of(entry, kind, place)]
    contents = [logbook.attachment(context.git, entry, RENDERING) for entry in written]
    found = [Rendering.from_bytes(content) for content in contents if content is not None]
    return tuple(rendering for rendering in found if rendering is not None)


def _is_of(entry: Entry, kind: Kind, place: str) -> bool:
    return entry.facts.get(DOCUMENT) == kind and entry.facts.get(PLACE) == place


def written_entry(filled: Filled, place: str, who: str, now: int, *, blob: Oid | None = None) -> Entry:
    """The entry that says that a document was written at `place` (a path, or a page), with its rendering attached;
    `blob` is the file as it was committed."""
    facts = {DOCUMENT: filled.kind, PLACE: place, **({BLOB: blob} if blob else {})}
    attached = {RENDERING: filled.rendering.to_bytes()}
    return Entry("document", f"write {filled.kind}: {place}", facts, who, now, attachments=attached)


def committed_by(book: Logbook, kind: Kind, place: str, who: str) -> set[str]:
    """The blobs as which `who` committed this document at this place."""
    written = [entry for entry in book.of_kind("document") if _is_of(entry, kind, place) and entry.who == who]
    return {entry.facts[BLOB] for entry in written if BLOB in entry.facts}


def last_is_same(earlier: Sequence[Rendering], filled: Filled) -> bool:
    """True where the last writing was the very same, so that it need not be recorded again."""
    return bool(earlier) and earlier[-1] == filled.rendering


def _asked_as(id: str) -> str:
    """The field that an id of a template is a part of: the reason of a choice is answered with the choice."""
    choice = id.removesuffix("-why")
    return choice if choice in CHOICES else id


def document_object(paper: Paper, filled: Filled, written: Written) -> dict[str, Any]:
    """A document in JSON: where it stands, what each value of it comes from, what people own in it, and its gaps."""
    shown = {
        "kind": filled.kind,
        "path": written.path,
        "url": written.page,
        "ref": written.ref,
        "changed": written.changed,
        "template": filled.template,
        "fields": sources(filled, paper),
        "kept": list(written.merged.kept if written.merged else ()),
        "dropped_facts": list(written.dropped),
    }
    body: dict[str, Any] = {"issue": paper.hotfix.issue, "document": shown, "gaps": list(filled.gaps)}
    return body | ({"text": written.text} if written.text else {})


def sources(filled: Filled, paper: Paper) -> list[dict[str, str | None]]:
    """What each value of a document comes from: a fact, what somebody stated, or nothing (a gap)."""
    known, gaps = filled.contents, set(filled.gaps)
    found: list[dict[str, str | None]] = []
    for id in filled.rendering.values:
        name = _asked_as(id.partition("~")[0].partition("#")[0])
        entry = None
        if name in known.boxes:
            state = paper.boxes.get(name)
            source, entry = "fact" if state is None or state.state != "open" else "gap", state.entry if state else None
            source = "stated" if state and state.how.startswith("said by ") else source
        else:
            answer = paper.statements.answers.get(name.partition("/")[0])
            source = "gap" if name in gaps else "stated" if answer else "fact"
            entry = answer.entry.oid if answer else None
        found.append({"id": id, "source": source, "entry": entry})
    return found
