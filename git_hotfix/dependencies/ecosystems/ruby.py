"""Ruby: Gemfile, gems.rb, *.gemfile and *.gemspec, read as text; Gemfile.lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Dependency, Manifest, ReachedFile, Reader, Scope, Source, manifest_of

if TYPE_CHECKING:
    from git_hotfix.dependencies.syntax.ruby_calls import Call, Calls

_DEFAULT_INDEXES = frozenset({"rubygems.org", "www.rubygems.org", "index.rubygems.org", "rubygems", "gemcutter"})
# Bundler's own short forms of a git repository; any other is defined in the Gemfile by `git_source`.
_FORGES = {
    "github": "https://github.com/",
    "gitlab": "https://gitlab.com/",
    "bitbucket": "https://bitbucket.org/",
    "gist": "https://gist.github.com/",
}
# Groups that an application does not install in production.
_DEVELOPMENT = (
    r"(?i)(?:.*[_-])?(?:dev|develop|development|tests?|ci|lint|linters?|rubocop|style|docs?|documentation|debug|debugging"
    r"|benchmarks?|profile|tools?|cucumber|rdoc|guard)(?:[_-].*)?"
)
_GEMFILE = frozenset(
    "gem plugin group source git path github git_source platforms platform ruby env eval_gemfile".split()
)
_GEMSPEC = frozenset("add_dependency add_runtime_dependency add_development_dependency new".split())


def read(path: str, content: bytes) -> Manifest:
    """Read a Gemfile or a gem specification. Names are kept as they are: RedCloth and redcloth are two gems.

    What is computed goes to `dynamic`; where that is the name of a gem, everything but the literal declarations does.
    """
    from git_hotfix.dependencies.syntax import plain, ruby_calls

    text = plain.source_text(content, ends="feed")
    if path.endswith(".gemspec"):
        return _gemspec(ruby_calls.Calls(text, _GEMSPEC | ruby_calls.ESCAPES))
    return _gemfile(ruby_calls.Calls(text, _GEMFILE | ruby_calls.ESCAPES))


def _gemfile(calls: Calls) -> Manifest:
    declared: list[Dependency] = []
    dynamic = set(calls.escapes)
    indexes: dict[str, int] = {}
    sources = {str(call.args[0]) for call in calls.calls if call.name == "git_source" and call.args}
    for call in calls.calls:
        dynamic |= call.computed
        if call.name in ("gem", "plugin"):
            if _is_name(call):
                declared.append(_gem(call, sources))
            else:
                dynamic |= {calls.rest, call.shown}
        elif call.name == "eval_gemfile" and not _is_read(call):
            dynamic.add(call.shown)
        _index(call, indexes)
    return manifest_of(declared, dynamic=dynamic, indexes=indexes)


def _gemspec(calls: Calls) -> Manifest:
    declared: list[Dependency] = []
    dynamic = set(calls.escapes)
    own = [value for value, _ in [calls.assigned.get("name", ("", 0))] if value and _is_text(value)]
    for call in calls.calls:
        if call.name == "new":
            own += [name for name in call.args[:1] if call.receiver.endswith("Specification") and _is_text(name)]
        elif call.receiver and call.name in _GEMSPEC:
            dynamic |= call.computed
            scope: Scope = "development" if call.name == "add_development_dependency" else "runtime"
            if _is_name(call):
                declared.append(Dependency(call.args[0], call.version, "registry", scope, call.line))
            else:
                dynamic |= {calls.rest, call.shown}
    return manifest_of(declared, own=own, dynamic=dynamic)


def _is_text(value: object) -> bool:
    return type(value) is str


def _is_name(call: Call) -> bool:
    return bool(call.args) and _is_text(call.args[0])


def _is_read(call: Call) -> bool:
    return _is_name(call) and READER.is_manifest(call.args[0]) and not call.args[0].startswith(("/", ".."))


def _gem(call: Call, sources: set[str]) -> Dependency:
    source, origin = _source_of(call, sources)
    asked = call.version
    if source == "git":
        asked = next((str(call.options[key]) for key in ("ref", "tag", "branch") if key in call.options), asked)
    scope: Scope = "build" if call.name == "plugin" else _scope(call)
    return Dependency(call.args[0], asked, source, scope, call.line, origin)


def _source_of(call: Call, sources: set[str]) -> tuple[Source, str]:
    """By its own options, else by the innermost block that says it."""
    found = _place(call.options, sources)
    for block in reversed(call.inside):
        if found is None and block.args and block.name in ("source", "git", "path", "github"):
            found = _place({block.name: block.args[0]}, sources)
    return found or ("registry", "")


def _place(options: Mapping[str, Any], sources: set[str]) -> tuple[Source, str] | None:
    from git_hotfix.dependencies.syntax import address

    for key, value in options.items():
        text = str(value)
        if key == "path":
            return "path", text
        if key == "git":
            return "git", address.origin(text)
        if key in sources and key not in _FORGES:
            return "git", f"{key}:{text}"
        if key in _FORGES:
            short = text if "/" in text or key == "gist" else f"{text}/{text}"  # github: "rails" is rails/rails
            return "git", address.origin(text if "://" in text else _FORGES[key] + short)
    if "source" in options:
        text = str(options["source"])
        return "registry", "" if _is_default(text) else address.origin(text)
    return None


def _is_default(url: str) -> bool:
    return url.partition("://")[2].rstrip("/") in _DEFAULT_INDEXES or url in _DEFAULT_INDEXES


def _index(call: Call, indexes: dict[str, int]) -> None:
    from git_hotfix.dependencies.syntax import address

    urls = call.args if call.name == "source" else (call.options.get("source"),)
    for url in urls:
        if isinstance(url, str) and not _is_default(url):
            indexes.setdefault(address.origin(url), call.line)


def _scope(call: Call) -> Scope:
    import re

    groups: list[str] = []
    optional = False
    for block in call.inside:
        if block.name == "group":
            groups += [str(group) for group in block.args]
            optional = optional or block.options.get("optional") == "true"
    for key in ("group", "groups"):
        value = call.options.get(key, [])
        groups += [str(group) for group in value] if isinstance(value, list) else [str(value)]
    if groups and all(re.fullmatch(_DEVELOPMENT, group) for group in groups):
        return "development"
    return "optional" if optional else "runtime"


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a Gemfile.lock: every gem of every section; those of a PATH section are `local`."""
    import re

    from git_hotfix.dependencies.syntax import address, plain

    declared: list[Dependency] = []
    indexes: dict[str, int] = {}
    section = remote = ""
    revision = ""
    for number, line in enumerate(plain.source_text(content, size=plain.LOCK_SIZE, ends="feed").split("\n"), start=1):
        if not line.strip():
            continue
        if not line.startswith(" "):
            if not re.fullmatch(r"[A-Z][A-Z ]*", line):
                raise plain.unreadable("it is not a lock file of bundler: a section has another name", number)
            section, remote, revision = line, "", ""
        elif section not in ("GEM", "GIT", "PATH"):
            continue
        elif match := re.fullmatch(r"  (\w+):(?: (.*))?", line):
            key, value = match.group(1), match.group(2) or ""
            remote = value if key == "remote" else remote
            revision = value if key == "revision" else revision
            if section == "GEM" and key == "remote" and not _is_default(value):
                indexes.setdefault(address.origin(value), number)
        elif match := re.fullmatch(r" {4}(\S+)(?: \(([^()]*)\))?", line):
            source: Source = "registry" if section == "GEM" else "git" if section == "GIT" else "path"
            origin = remote if section == "PATH" else "" if _is_default(remote) else address.origin(remote)
            asked = revision if section == "GIT" else match.group(2) or ""
            declared.append(Dependency(match.group(1), asked, source, "runtime", number, origin))
        elif not line.startswith("      "):
            raise plain.unreadable("it is not a lock file of bundler: there is no such entry", number)
    return manifest_of(declared, indexes=indexes)


def reaches(path: str, content: bytes) -> Iterable[ReachedFile]:
    """What a Gemfile evaluates."""
    from git_hotfix.dependencies import build_includes

    return build_includes.gemfile_includes(path, content) if b"eval_gemfile" in content else ()


READER = Reader(
    "ruby",
    manifests=(
        globs("Gemfile", "gems.rb", "*.gemfile", "*.gemspec"),
        globs("Gemfile.*", but=("*.lock", "*.lock.*", "*.md", "*.erb", "*.tt", "*.sh")),
    ),
    read=read,
    locks=(globs("Gemfile.lock", "gems.locked", "*.gemfile.lock", "Gemfile.*.lock", "Gemfile.*.lock.*"),),
    read_lock=read_lock,
    reaches=reaches,
)
