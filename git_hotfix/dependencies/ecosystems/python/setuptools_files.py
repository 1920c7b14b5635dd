"""setup.cfg, and setup.py as far as its text says what it requires: it is parsed and never run."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Callable, Iterator

from git_hotfix.dependencies.ecosystems.python.literals import SIZE, Module, parse_module
from git_hotfix.dependencies.ecosystems.python.requirement import COUNT, is_development, normalise, parse
from git_hotfix.dependencies.ecosystems.python.sections import lines_of_names
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, decode, manifest_of
from git_hotfix.dependencies.syntax.lines import with_line_feeds
from git_hotfix.model.frozen import replace

_SCOPES: dict[str, Scope] = {
    "install_requires": "runtime",
    "requires": "runtime",
    "extras_require": "optional",
    "setup_requires": "build",
    "tests_require": "development",
}


def read_setup_cfg(content: bytes, *, includes: Callable[[str], bool]) -> Manifest:
    """Read a setup.cfg. `includes` says whether a file that it takes dependencies from is read itself."""
    text, config = _configuration(content)
    lines = lines_of_names(text)
    declared: list[Dependency] = []
    dynamic: set[str] = set()
    for value, scope in _values(config):
        if value.strip().startswith("file:"):
            dynamic |= {f"file: {file}" for file in _files(value) if not includes(file)}
            continue
        declared += _parse_items(_items(value), scope, lines.get)
    name = config.get("metadata", "name", fallback="")
    own = frozenset({normalise(name)} if name and not name.startswith("attr:") else ())
    return manifest_of(declared, own=own, dynamic=dynamic)


def files_of(content: bytes) -> list[str]:
    """The files that a setup.cfg takes dependencies from."""
    values = [value.strip() for value, _ in _values(_configuration(content)[1])]
    return [file for value in values if value.startswith("file:") for file in _files(value)]


def _files(value: str) -> list[str]:
    named = value.strip().removeprefix("file:").replace("\n", ",").split(",")
    return [file.strip() for file in named if file.strip()]


def _configuration(content: bytes) -> tuple[str, configparser.ConfigParser]:
    if len(content) > SIZE:
        raise Unreadable(f"it is larger than {SIZE // 1000} kB")
    text = with_line_feeds(decode(content), "return")
    # Lines without a value are taken here and refused below, because collecting them as errors takes quadratic time, as
    # do the defaults of every section: they are read as a section of their own.
    config = configparser.ConfigParser(
        interpolation=None, strict=False, delimiters=("=", ":"), allow_no_value=True, default_section="\0"
    )
    try:
        config.read_string(text)
    except configparser.Error as error:
        raise Unreadable(" ".join(str(error).split())[:200].strip()) from error
    except AttributeError as error:  # what it says of a key without a value that goes on in the next line
        raise Unreadable("a key has no value") from error
    for section in config.sections():
        for key, value in config.items(section):
            if value is None:
                raise Unreadable(f"{key[:80]!r} in [{section[:80]}] has no value")
    return text, config


def _values(config: configparser.ConfigParser) -> Iterator[tuple[str, Scope]]:
    for section in ("options", "DEFAULT"):
        for key, value in config.items(section) if config.has_section(section) else ():
            scope = _SCOPES.get(key.replace("-", "_"))
            if scope is not None and value:
                yield value, scope
    for section in ("options.extras_require", "options.extras-require"):
        for key, value in config.items(section) if config.has_section(section) else ():
            yield value or "", "development" if is_development(key) else "optional"


def _items(value: str) -> list[str]:
    # One a line, or on a single line with semicolons between them, as setuptools splits a list.
    items = (
        value.splitlines() if "\n" in value.strip() else re.split(r";(?!\s*(?:python|sys|platform|os|extra))", value)
    )
    return [item.strip() for item in items if item.strip() and not item.strip().startswith("#")]


def _parse_items(items: list[str], scope: Scope, line: Callable[[str, int], int]) -> Iterator[Dependency]:
    if len(items) > COUNT:
        raise Unreadable(f"it lists more than {COUNT} requirements")
    for item in items:
        found = parse(item, scope=scope)
        if found is not None:
            yield replace(found, line=line(found.name, 0))


def read_setup_py(content: bytes) -> Manifest:
    """Read a setup.py. What is computed when it runs is not guessed: its source text stands in `dynamic`, together
    with every statement that it is made from, so that two sides can be compared."""
    module = parse_module(content)
    calls = [node for node in module.nodes if isinstance(node, ast.Call) and _is_setup(node.func)]
    if not calls:
        # A module that is only named so is not a manifest; one that reaches setup() in another way is all dynamic.
        text = ast.unparse(module.tree) if _imports_setuptools(module) else ""
        return Manifest(dynamic=frozenset({text} if text else ()))
    own: set[str] = set()
    texts: list[tuple[str, Scope]] = []
    for call in calls:
        for key, value in module.keywords(call):
            if key == "name":
                own |= {normalise(name) for name, _ in module.strings(value, quietly=True) if normalise(name)}
            elif key in _SCOPES:
                texts += [(text, _scope(key, inner)) for text, inner in module.strings(value)]
    lines = lines_of_names(decode(content))
    declared = [
        found
        for text, scope in texts
        for found in _parse_items([item for line in text.splitlines() for item in _items(line)], scope, lines.get)
    ]
    return manifest_of(declared, own=own, dynamic=module.dynamic())


def _scope(key: str, inner: str) -> Scope:
    """The scope of a keyword of setup(); `inner` is the extra's name in a table of extras."""
    return "development" if key == "extras_require" and is_development(inner.split(":", 1)[0]) else _SCOPES[key]


def _is_setup(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "setup") or (
        isinstance(function, ast.Attribute) and function.attr == "setup"
    )


def _imports_setuptools(module: Module) -> bool:
    names = {alias.name for node in module.nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in module.nodes if isinstance(node, ast.ImportFrom)}
    return any(name.split(".")[0] in ("setuptools", "distutils") for name in names)
