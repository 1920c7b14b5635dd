"""The incident log: one file for all hotfixes of a repository, one row a hotfix, beside what people wrote in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from git_hotfix.documents.merge import merge_document
from git_hotfix.documents.rendering import Rendering

HEAD = """\
# Incident log

| Date | Hotfix | Severity | Tag | Impact | Root cause | Prevention | Duration |
|---|---|---|---|---|---|---|---|
"""


def put_row(text: str | None, keys: Collection[str], earlier: Sequence[Rendering], row: Rendering) -> str:
    """The log `text` (None: a new one) with the row of one hotfix written, or brought up to date where it stands.

    `keys` are the cells that name the hotfix (its issue, its tag), `earlier` are all renderings of its row. Every other
    line stays as it is, line ends too; a row that people deleted stays deleted.
    """
    if text is None:
        return HEAD + row.text
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(end)
    at = next((n for n, line in enumerate(lines) if _is_row_of(line, keys)), None)
    if at is not None:
        merged = merge_document(f"{lines[at]}\n", earlier, row).text
        lines[at : at + 1] = merged.rstrip("\n").split("\n")
        return end.join(lines)
    if earlier:
        return text
    last = max((n for n, line in enumerate(lines) if line.lstrip().startswith("|")), default=None)
    if last is None:
        body = text if text.endswith(end) or not text else text + end
        return body + (end if body else "") + (HEAD + row.text).replace("\n", end)
    lines.insert(last + 1, row.text.rstrip("\n"))
    return end.join(lines)


def _is_row_of(line: str, keys: Collection[str]) -> bool:
    cells = [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
    return line.lstrip().startswith("|") and not set(keys).isdisjoint(cells[:5])
