"""Writing commits and tags without a reference or a working tree."""

from __future__ import annotations

import re
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from git_hotfix.errors import UNCHANGED, Failure
from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.git.repository import NOBODY, Identity, Repository
from git_hotfix.git.run import Git, encode
from git_hotfix.model.frozen import field, frozen, replace
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.names import Oid, TagName

# By the length of an id. git knows this object in every repository, written or not (object-file.c, cached objects).
_EMPTY_TREE = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
_FILE_NAME = late_pattern(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*")  # nothing that git quotes
_AUTHOR = late_pattern(r"(?P<name>.*) <(?P<email>[^<>]*)> (?P<date>\d+ [-+]\d{4})", re.DOTALL)


@frozen
class Draft:
    """A commit to be: its parents, its tree (None: one of `files`, name → content), its message, and an author if not
    the writer."""

    parents: tuple[Oid, ...]
    tree: Oid | None
    message: str
    author: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)


def write(git: Git, drafts: Sequence[Draft], who: Identity) -> list[Oid]:
    """Write all `drafts` in one process and return their ids, in order.

    `git` is a scratch directory's: the references that fast-import insists on are its own.
    """
    if not drafts:
        return []
    stream: list[bytes] = []
    for number, draft in enumerate(drafts, 1):
        message = encode(draft.message)
        stream += [
            b"commit refs/heads/drafts\n" if draft.parents else b"reset refs/heads/drafts\ncommit refs/heads/drafts\n",
            b"mark :%d\n" % number,
            b"author " + encode(draft.author or who.author) + b"\n",
            b"committer " + encode(who.committer) + b"\n",
            b"data %d\n" % len(message) + message + b"\n",
        ]
        for index, parent in enumerate(draft.parents):
            stream.append((b"merge " if index else b"from ") + parent.encode() + b"\n")
        if draft.tree is not None:
            stream.append(b"M 040000 " + draft.tree.encode() + b" \n")
        else:
            stream.append(b"deleteall\n")  # a commit begins with its parent's files
            stream += [_file(name, content) for name, content in sorted(draft.files.items())]
        stream.append(b"\n")
    return fast_import(git, stream, len(drafts))


def fast_import(git: Git, stream: Sequence[bytes], most: int) -> list[Oid]:
    """Write what `stream` says, and return the ids of its marks 1 to `most`."""
    marks = git.cwd / "marks"
    git.run("fast-import", "--quiet", "--force", f"--export-marks={marks}", stdin=b"".join(stream))
    found = dict(line.split(" ", 1) for line in marks.read_text().splitlines())
    return [Oid(found[f":{number}"]) for number in range(1, most + 1)]


def _file(name: str, content: bytes) -> bytes:
    if not _FILE_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for an attachment")
    return b"M 100644 inline " + encode(name) + b"\ndata %d\n" % len(content) + content + b"\n"


def is_empty_tree(tree: Oid) -> bool:
    """True for the tree without files."""
    return tree in _EMPTY_TREE.values()


def write_line(git: Git, drafts: Sequence[Draft], who: Identity) -> list[Oid]:
    """`write` for commits of which each stands on the one before, whatever parents it names; the first on its own."""
    marks = (Oid(f":{number}") for number in range(1, len(drafts)))
    return write(git, [*drafts[:1], *(replace(draft, parents=(next(marks),)) for draft in drafts[1:])], who)


def write_bundle(git: Git, parents: Sequence[Oid]) -> Oid:
    """Write one commit that has all of `parents` (at least one), and no content: a reference to it keeps them alive.

    As an object and not by fast-import, which would read every parent: 80 ms for a thousand instead of 5.
    """
    lines = [f"tree {_EMPTY_TREE[len(parents[0])]}", *(f"parent {parent}" for parent in parents)]
    lines += [f"author {NOBODY.author}", f"committer {NOBODY.committer}", "", "kept until the run ends", ""]
    return Oid(git.text("hash-object", "-t", "commit", "-w", "--stdin", stdin=encode("\n".join(lines))))


def write_signed(repository: Repository, draft: Draft) -> Oid:
    """Write one commit, signed as the user's configuration says. Raises `Failure` (exit 3) when signing fails."""
    assert draft.tree is not None
    parents = [word for parent in draft.parents for word in ("-p", parent)]
    git = repository.git
    if draft.author:
        found = _AUTHOR.fullmatch(draft.author)
        assert found
        words = {f"GIT_AUTHOR_{part.upper()}": text for part, text in found.groupdict().items()}
        git = replace(git, environment={**git.environment, **words})
    return Oid(git.text("commit-tree", "-S", *parents, "-F", "-", draft.tree, stdin=encode(draft.message)))


def write_tag(repository: Repository, name: TagName, target: Oid, message: str) -> Oid:
    """Write an annotated tag object, signed when `tag.gpgSign` says so, without making the tag.

    `git tag` wants a reference; it gets one in a private directory that is told the settings that matter, resolved
    here (an `includeIf` of the user's would not hold there).
    """
    prefixes = ("user.", "gpg.", "tag.", "committer.", "author.")
    config = [(key, value) for key, values in repository.config.items() if key.startswith(prefixes) for value in values]
    with private_git_dir(repository, keep=True, config=config) as git, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "message"
        file.write_bytes(encode(message))
        made = git.run("tag", "-a", "--cleanup=verbatim", "-F", str(file), "--", name, target)
        oid = Oid(git.text("rev-parse", "--verify", f"refs/tags/{name}"))
        # git 2.39 exits with 0 and makes the tag without a signature when an ssh key cannot sign (builtin/tag.c).
        if repository.flag("tag.gpgSign") and b"\n-----BEGIN " not in git.run("cat-file", "tag", oid).out:
            raise Failure(
                f"{name} could not be signed, and tag.gpgSign asks for it: {made.last_words}",
                hint=f"see what git says: git tag -s {shlex.quote(name)} {target}",
                unchanged=UNCHANGED,
            )
        return oid
