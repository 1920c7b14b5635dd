"""binary: a hotfix brings no large file that nobody can read."""

from __future__ import annotations

from git_hotfix.gates.counted_files import texts_that_git_takes_for_binary
from git_hotfix.gates.registry import Gate
from git_hotfix.model.change import FileChange
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement


@frozen
class Options:
    """`[gates.binary]`. A reviewer sees nothing of a binary file, wherever it lies: tests and documents count too."""

    max: int = field(
        default=65536,
        metadata={"doc": "size of a new or changed binary file; a larger one is refused", "unit": "bytes",
                  "source": "an icon, a font subset or a small picture passes"},
    )  # fmt: skip


def check(facts: Facts, options: Options) -> Judgement:
    """Compare the new size of each file that git takes for binary with `max`.

    What `max-lines` counts is left to it: a production file that is source by name, or text but for a few bytes. A
    pointer of Git LFS is text.
    """
    files = [file for file in facts.changes.files if _is_new(file)]
    counted = [file for file in files if any(map(facts.is_production, file.places))]
    texts = texts_that_git_takes_for_binary(counted, facts.content)
    files = [file for file in files if file not in texts]
    sizes = facts.content.sizes([file.new_oid for file in files])
    known = {file: size for file in files if (size := sizes[file.new_oid]) is not None}
    unread = tuple(
        Finding("its content is not in this clone: how large it is is not known", path=file.path)
        for file in files
        if file not in known
    )
    hint = "deliver it another way, or record what it is: git hotfix waive binary --reason …"
    found = tuple(
        Finding(f"binary file of {_size(size)}", path=file.path, hint=hint)
        for file, size in known.items()
        if size > options.max
    )
    measured = _size(max(known.values())) if known else "no binary file"
    return Judgement(measured, _size(options.max), found, unread)


def _is_new(file: FileChange) -> bool:
    return file.binary and file.status != "D" and file.old_oid != file.new_oid


def _size(size: int) -> str:
    """In KiB, rounded up, so that one byte too many is seen."""
    return f"{-(-size // 1024):,} KiB"


GATE = Gate("binary", "no large binary file", check, Options, order=61)
