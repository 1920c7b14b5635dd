"""rollback: the fix can be taken back when it makes things worse."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model.change import SUBMODULE_MODE, FileChange
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

_SIZE = 1_000_000  # bytes; a larger migration is data
_FILES = 200  # migrations that are read
_FOLDERS = frozenset("migration migrations migrate versions changelog db sql flyway".split())
_FLYWAY = r"V([0-9][0-9._]*)__"
# What a body holds that does nothing: comments, an empty return, an error.
_NOTHING = (
    r"\s*(?:(?://|#|--)[^\n]*\n\s*|/\*[^*]{0,2000}\*/\s*|return(?: Promise\.resolve\(\))?\s*(?:;|\n|(?=\}))\s*"
    r"|(?:throw|raise)\b[^;{}\n]{0,200}(?:;|\n|(?=\}))\s*)*"
)


def check(facts: Facts, options: NoOptions) -> Judgement:
    """Take the hotfix back on production in memory, and look for added migrations that have no way back.

    Read are those of Alembic, Django, Rails, Ecto, Flyway, Knex, Sequelize, TypeORM, Prisma, Laravel, Doctrine, Entity
    Framework, golang-migrate, goose and dbmate. The playbook (6.1) asks for a rollback plan before a deployment.
    """
    hint = "a revert has to be made by hand: write down how"
    found = [
        Finding("reverting the hotfix on production would conflict here", path, hint=hint)
        for path in facts.content.conflicts_of_revert()
    ]
    one_way, unread = _find_one_way(facts)
    found += one_way
    return Judgement(counted(len(found), "obstacle"), "0 obstacles", tuple(found), unread)


def _find_one_way(facts: Facts) -> tuple[list[Finding], tuple[Finding, ...]]:
    """The added migrations without a way back, and those that could not be read."""
    production = facts.is_production
    added = [file for file in facts.changes.files if file.status in ("A", "C") and file.new_mode != SUBMODULE_MODE]
    placed = [file for file in added if _is_placed(file.path) and production(file.path)]
    sizes = facts.content.sizes([file.new_oid for file in placed])
    small = [file.new_oid for file in placed[:_FILES] if (sizes[file.new_oid] or 0) <= _SIZE]
    blobs = facts.content.blobs(small)
    names = {file.path for file in added}
    hint = "write the way back, or write down what happens to the data when the code is reverted"
    found: list[Finding] = []
    unread: list[Finding] = []
    for file in placed:
        blob = blobs.get(file.new_oid)
        why = _why_one_way(file, blob, names) if blob is not None else None
        if why is None:
            unread.append(Finding("not read: whether this migration has a way back is open", path=file.path))
        elif why:
            found.append(Finding(f"a migration without a way back: {why}", path=file.path, hint=hint))
    return found, tuple(unread)


def _is_placed(path: str) -> bool:
    """True where migrations stand; whether it is one, its text says."""
    folders, _, name = path.rpartition("/")
    if not name.lower().endswith(tuple(_READERS)):
        return False
    return bool(_FOLDERS & set(folders.lower().split("/"))) or re.match(_FLYWAY, name) is not None


def _why_one_way(file: FileChange, blob: bytes, names: Collection[str]) -> str | None:
    """Why an added file is a migration without a way back; "" when it is none or has one, None when it cannot be
    read. `names` are all added files."""
    text = blob.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\r\n", "\n")
    suffix = next(suffix for suffix in _READERS if file.path.lower().endswith(suffix))
    return _READERS[suffix](text, file.path, names)


def _python(text: str, path: str, names: Collection[str]) -> str | None:
    """Alembic (a module with `upgrade` and `downgrade`) and Django (operations that may name their reverse)."""
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if "upgrade" in functions and re.search(r"^down_revision\b", text, re.MULTILINE):
        if not _does_something(functions["upgrade"].body):
            return ""
        if "downgrade" not in functions:
            return "no downgrade()"
        return "" if _does_something(functions["downgrade"].body) else "downgrade() does nothing"
    if not re.search(r"^class Migration\b", text, re.MULTILINE):
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and len(node.args) < 2:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            reverse = {"RunPython": "reverse_code", "RunSQL": "reverse_sql"}.get(name)
            if reverse and not any(keyword.arg in (reverse, None) for keyword in node.keywords):
                return f"{name} without {reverse}"
    return ""


def _does_something(body: object) -> bool:
    """True when a Python function does something: more than a docstring, `pass`, `...` or raising an error."""
    import ast

    assert isinstance(body, list)
    return any(
        not isinstance(node, (ast.Pass, ast.Raise))
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in body
    )


def _ruby(text: str, path: str, names: Collection[str]) -> str:
    """Rails and Ecto: `change` is its own way back unless it executes SQL; `up` needs a `down`."""
    if not re.search(r"<\s*ActiveRecord::Migration\b|\bSequel\.migration\b|\buse Ecto\.Migration\b", text):
        return ""
    if "IrreversibleMigration" in text:
        return "it says itself that it is irreversible"
    if re.search(r"^\s*def (?:self\.)?up\b", text, re.MULTILINE):
        if not re.search(r"^\s*def (?:self\.)?down\b", text, re.MULTILINE):
            return "no down"
        return "down does nothing" if re.search(rf"def (?:self\.)?down\b{_NOTHING}end\b", text) else ""
    executes = "ActiveRecord" in text and re.search(r"^\s*execute\b", text, re.MULTILINE)
    return "change executes SQL" if executes and not re.search(r"\breversible\b|\bup_only\b", text) else ""


def _braces(up: str, down: str, mark: str) -> Callable[[str, str, Collection[str]], str]:
    """A reader of a language with braces, in which `up` and `down` are methods or functions. `mark` is what the path
    and the text of a migration hold."""

    def read(text: str, path: str, names: Collection[str]) -> str:
        if not re.search(mark, f"{path}\n{text}") or not _defines(up, text) or _is_idle(up, text):
            return ""
        if not _defines(down, text):
            return f"no {down}()"
        return f"{down}() does nothing" if _is_idle(down, text) else ""

    return read


def _defines(name: str, text: str) -> bool:
    """`up(…) {`, `function up`, `exports.up =`, `const up =`, `up: async () =>`, within 200 characters of a brace."""
    return re.search(rf"(?<![\w.$]){_header(name)}", text) is not None


def _is_idle(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w.$]){_header(name)}{_NOTHING}\}}", text) is not None


def _header(name: str) -> str:
    return rf"(?:(?:module\.)?exports\.)?{name}\s*[(:=][^{{}};]{{0,200}}\{{"


def _sql(text: str, path: str, names: Collection[str]) -> str:
    """Flyway (V2__x.sql, U2__x.sql), golang-migrate (x.up.sql, x.down.sql), Prisma; goose and dbmate in one file."""
    folder, slash, name = path.rpartition("/")
    flyway = re.match(_FLYWAY, name)
    if flyway:
        undo = f"{folder}{slash}U{flyway.group(1)}__"
        return "" if any(other.startswith(undo) for other in names) else f"no U{flyway.group(1)}__….sql beside it"
    if name.endswith(".up.sql"):
        down = f"{name.removesuffix('.up.sql')}.down.sql"
        return "" if f"{folder}{slash}{down}" in names else f"no {down} beside it"
    if name == "migration.sql":
        return "" if f"{folder}/down.sql" in names else "no down.sql beside it"
    for up, down in (("-- +goose Up", "-- +goose Down"), ("-- migrate:up", "-- migrate:down")):
        if up in text and not _has_statement(text.partition(down)[2].partition(up)[0]):
            return f"nothing below {down}"
    return ""


def _has_statement(text: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("--") for line in text.split("\n"))


_PHP = _braces("up", "down", r"\bextends\s+(?:Migration|AbstractMigration)\b")
_SCRIPT = _braces("up", "down", r"(?i)\A[^\n]{0,4000}migrat")  # nothing in it says so but its path
_CSHARP = _braces("Up", "Down", r"\bMigrationBuilder\b")
# Ending → what reads it.
_READERS: Mapping[str, Callable[[str, str, Collection[str]], str | None]] = {
    ".py": _python, ".rb": _ruby, ".exs": _ruby, ".php": _PHP, ".js": _SCRIPT, ".ts": _SCRIPT, ".mjs": _SCRIPT,
    ".cjs": _SCRIPT, ".cs": _CSHARP, ".sql": _sql,
}  # fmt: skip

GATE = Gate("rollback", "a way back", check, NoOptions, severity="warn", order=75)
