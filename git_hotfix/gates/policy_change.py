"""policy-change: a hotfix leaves alone what hotfixes are judged, merged and approved by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from git_hotfix.gates.registry import Gate
from git_hotfix.model import patterns
from git_hotfix.model.change import FileChange
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

_OURS = ".git-hotfix.toml"
_SHARED = "pyproject.toml"
# `binary` is git's own macro for -diff -merge -text; `[attr]` makes new ones.
_ATTRIBUTES = ("diff", "merge", "filter", "binary", "[attr]")
_HINT = "change it on its own, or record why here: git hotfix waive policy-change --reason …"


@frozen
class Options:
    """`[gates.policy-change]`. Beside `paths`: the policy itself, the keys and the mailmap by which approvals count,
    and the attributes that say what a diff or a merge does. The policy that judges is always production's; this is
    about the next hotfix."""

    paths: tuple[str, ...] = field(
        default=(
            "/.pre-commit-config.yaml", "/lefthook*.y*ml", "/.lefthook*.y*ml", "/lefthook*.toml", "/lefthook*.json",
            ".husky/", "/.githooks/", "/.overcommit.yml", "CODEOWNERS",
        ),
        metadata={"doc": "configuration of hooks and approvers", "source": "what hook managers and forges read"},
    )  # fmt: skip


def check(facts: Facts, options: Options) -> Judgement:
    """Find changes of the policy, of attributes that bend diffs and merges, and of `options.paths`."""
    is_listed = patterns.paths((*options.paths, "/.mailmap"))
    signers = facts.policy.approvals.signers
    found: list[Finding] = []
    unread: list[Finding] = []
    for file in facts.changes.files:
        names = {file.path, file.old_path}
        if _OURS in names:
            found.append(Finding("changes the policy of hotfixes", path=file.path, hint=_HINT))
        elif signers in names or any(is_listed(name) for name in names):
            found.append(Finding("changes who or what checks a commit", path=file.path, hint=_HINT))
        if _SHARED in names:
            answer = _tables_differ(facts, file)
            if answer is None:
                unread.append(Finding("cannot be read: whether the policy of hotfixes changes is open", file.path))
            elif answer:
                found.append(Finding("changes the policy of hotfixes, [tool.git-hotfix]", path=file.path, hint=_HINT))
        if any(name.rpartition("/")[2] == ".gitattributes" for name in names):
            found += _attribute_findings(facts, file)
    return Judgement(counted(len(found), "change"), "0 changes", tuple(found), tuple(unread))


def _tables_differ(facts: Facts, file: FileChange) -> bool | None:
    """Whether [tool.git-hotfix] differs between both sides of pyproject.toml; None where a side cannot be read."""
    sides = [
        oid if path == _SHARED and set(oid) != {"0"} else None
        for oid, path in ((file.old_oid, file.old_path), (file.new_oid, file.path))
    ]
    blobs = facts.content.blobs([oid for oid in sides if oid])
    tables = []
    for oid in sides:
        blob = blobs[oid] if oid else b""
        if blob is None:
            return None
        try:
            tables.append(_table(blob))
        except (ValueError, RecursionError):
            return None
    return bool(tables[0] != tables[1])


def _table(content: bytes) -> Any:
    from git_hotfix.dependencies.registry import Unreadable
    from git_hotfix.dependencies.syntax import toml  # 3 ms; most hotfixes touch no pyproject.toml

    try:
        tool = toml.load(content)[1].get("tool")
    except Unreadable as error:
        raise ValueError(error.reason) from error
    return tool.get("git-hotfix") if isinstance(tool, dict) else None


def _attribute_findings(facts: Facts, file: FileChange) -> Iterator[Finding]:
    for hunk in facts.content.hunks(file):
        for sign, lines in (("takes away", hunk.removed), ("sets", hunk.added)):
            for number, text in lines:
                names = _attributes_that_matter(text)
                if names:
                    line = number if sign == "sets" else None
                    message = f"{sign} attributes that bend diffs or merges: {', '.join(names)}"
                    yield Finding(message, file.path, line, _HINT)


def _attributes_that_matter(line: str) -> list[str]:
    """The attributes of a line of `.gitattributes` (gitattributes(5)) that change what a diff or a merge does."""
    text = line.strip()
    if text.startswith("#"):
        return []
    if text.startswith('"'):  # a quoted pattern may hold spaces
        end = 1
        while (end := text.find('"', end)) > 0 and text[end - 1] == "\\":
            end += 1
        text = "x" + text[end + 1 :]
    words = [word.lstrip("-!").partition("=")[0] for word in text.split()]
    if words and words[0].startswith("[attr]"):
        return [f"{words[0][:6]}"]
    return [name for name in dict.fromkeys(words[1:]) if name in _ATTRIBUTES]


GATE = Gate("policy-change", "policy and hooks are unchanged", check, Options, order=63)
