"""What shell commands install: packages of the system, of Python, of JavaScript and of others, each by its own
manager's words. Whatever a command takes from a variable without a value is dynamic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from git_hotfix.dependencies.ecosystems.docker.shell import Variables, Word, commands
from git_hotfix.dependencies.registry import Dependency, Scope, Unreadable
from git_hotfix.model.frozen import replace

COUNT = 20_000  # packages a script, and a file; reading that many takes a second
SHOWN = 500  # characters of a dynamic command
# Options that take the next word as their value, by manager.
_VALUES = {
    "pip": "-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t --target --prefix"
    " --root --python --cache-dir --platform --python-version --implementation --abi --trusted-host --proxy --timeout"
    " --retries --progress-bar --only-binary --no-binary --src --log --report --exists-action --cert --upgrade-strategy"
    " --use-feature --use-deprecated --global-option --config-settings --build-option -p --index --default-index"
    " --index-strategy --with --python-preference --spec --pip-args --suffix --override --group --extra",
    "npm": "--prefix --depth --registry --cache --loglevel --userconfig --workspace -w --tag --dir -C --cwd"
    " --modules-folder --network-timeout --omit --include --fetch-timeout --store-dir",
    "apt": "-t --target-release -o --option -c --config-file --default-release",
    "apk": "-t --virtual -X --repository --root -p --arch --cache-dir --keys-dir --repositories-file --wait",
    "rpm": "--enablerepo --disablerepo --setopt -c --config --releasever --installroot -x --exclude --repo --repoid"
    " --from -r --forcearch",
    "gem": "-v --version -s --source -i --install-dir -n --bindir -P --trust-policy --platform --group --document",
    "cargo": "--version --vers --git --branch --tag --rev --path --root --registry --index --features --target --bin"
    " --example --profile -j --jobs -F --config",
    "php": "--working-dir -d",
    "conda": "-n --name -p --prefix -c --channel --file -f --solver --platform --repodata-fn --subdir",
}
_INDEXES = {
    "pip": ("-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--index", "--default-index"),
    "npm": ("--registry",),
    "apk": ("-X", "--repository"),
    "gem": ("-s", "--source"),
    "cargo": ("--index", "--registry"),
    "conda": ("-c", "--channel"),
}  # fmt: skip
_INSTALL = frozenset({"install", "add", "i", "in", "groupinstall", "localinstall", "reinstall"})


class Installs:
    """What the commands of one script install."""

    def __init__(self) -> None:
        self.declared: list[Dependency] = []
        self.dynamic: set[str] = set()
        self.indexes: dict[str, int] = {}


def find_installs(script: str, variables: Variables, *, scope: Scope, line: int) -> Installs:
    """What `script` installs, which begins at `line` of its file. Raises `Unreadable` for too many packages."""
    installed = Installs()
    for words in commands(script, variables):
        placed = [(text, at + line) for text, at in words]
        manager, rest = _manager(placed)
        if manager:
            _take_install(installed, manager, rest, scope=scope, whole=" ".join(text for text, _ in words)[:SHOWN])
    return installed


def _manager(words: list[Word]) -> tuple[str, list[Word]]:
    """Which package manager a command calls to install something, and the words after that; "" for none."""
    texts = [text for text, _ in words]
    tool = texts[0].rpartition("/")[2] if texts else ""
    if re.fullmatch(r"(?:python|pypy)[\d.]*", tool) and texts[1:3] == ["-m", "pip"]:
        tool, words = "pip", words[2:]
    elif tool == "uv" and texts[1:2] in (["pip"], ["tool"]):
        tool, words = "pip", words[1:]
    kind = _KINDS.get(tool) or ("pip" if re.fullmatch(r"pip[\d.]*|pipx", tool) else "")
    values = _options_with_value(kind)
    at = 1
    while at < len(words) and (words[at][0].startswith("-") or words[at][0] == "global"):
        at += 2 if words[at][0] in values else 1
    verbs = _VERBS.get(kind, _INSTALL)
    return (kind, words[at + 1 :]) if kind and at < len(words) and words[at][0] in verbs else ("", [])


_VERBS = {"php": {"require"}, "conda": {"install", "create"}, "go": {"install", "get"}}
_KINDS = {
    **dict.fromkeys(("npm", "pnpm", "yarn", "bun", "cnpm"), "npm"),
    **dict.fromkeys(("apt", "apt-get", "aptitude"), "apt"),
    **dict.fromkeys(("yum", "dnf", "dnf5", "microdnf", "tdnf", "zypper"), "rpm"),
    **dict.fromkeys(("conda", "mamba", "micromamba"), "conda"),
    **{name: name for name in ("apk", "gem", "cargo", "go")},
    "composer": "php",
}


def _options_with_value(kind: str) -> frozenset[str]:
    return frozenset(_VALUES.get(kind, "").split())


def _take_install(installed: Installs, manager: str, words: list[Word], *, scope: Scope, whole: str) -> None:
    values = _options_with_value(manager)
    options: dict[str, str] = {}
    names: list[Word] = []
    taken = iter(words)
    for text, line in taken:
        if not text.startswith("-") or text == "-":
            names.append((text, line))
            continue
        option, equals, value = text.partition("=")
        if not equals and option in values:
            value, line = next(taken, ("", line))
        if option in ("-e", "--editable") and manager == "pip":
            names += [(value, line)] if value else []
        elif option in _INDEXES.get(manager, ()) and value:
            _add_index(installed, manager, value, line)
        options[option] = value
    if manager == "cargo" and not names and (git := options.get("--git")):
        names = [(re.split(r"[/:]", git.rstrip("/").removesuffix(".git"))[-1], words[0][1])]
    if len(installed.declared) + len(names) > COUNT:
        raise Unreadable(f"it installs more than {COUNT} packages")
    for text, line in names:
        try:
            wanted = [replace(one, scope=scope, line=line) for one in _READERS[manager](text, options)]
        except Unreadable:  # what is not a name of a package: who knows what it will be
            wanted = [Dependency("$")]
        if text[:1] in ("$", "`") or any(re.search(r"[$`]", one.name) for one in wanted):
            installed.dynamic.add(whole)
        else:
            installed.declared += wanted


def _add_index(installed: Installs, manager: str, value: str, line: int) -> None:
    from git_hotfix.dependencies.ecosystems.conda.match import channel
    from git_hotfix.dependencies.ecosystems.javascript.specifier import index_of as of_npm
    from git_hotfix.dependencies.ecosystems.python.requirements_file import index_of as of_pip
    from git_hotfix.dependencies.syntax.address import origin

    own: Callable[[str], str] = {"pip": of_pip, "npm": of_npm, "conda": channel}.get(manager, origin)
    if index := own(value):
        installed.indexes.setdefault(index, line)


def _pip(text: str, options: dict[str, str]) -> Iterator[Dependency]:
    from git_hotfix.dependencies.ecosystems.python.requirement import parse

    one = parse(text)
    if one is not None:
        yield replace(one, ecosystem="python")


def _npm(text: str, options: dict[str, str]) -> Iterator[Dependency]:
    from git_hotfix.dependencies.ecosystems.javascript.specifier import parse_specifier

    match = re.fullmatch(r"(@[^/@\s]+/[^@\s]+|[^@/:\s]+)(?:@(.*))?", text)
    if text.startswith((".", "/", "~", "file:")) or (text.endswith((".tgz", ".tar.gz")) and "://" not in text):
        found: Iterable[Dependency] = [Dependency(text.rpartition("/")[2] or text, "", "path", origin=text)]
    elif match:
        found = parse_specifier(match.group(1), match.group(2) or "")
    else:  # an address, which is named after its last part
        last = re.split(r"[/:]", text.partition("#")[0].rstrip("/"))[-1]
        name = re.sub(r"(?:-\d[\w.]*)?(?:\.git|\.tgz|\.tar\.gz)?$", "", last)
        found = parse_specifier(name, text)
    yield from (replace(one, ecosystem="javascript") for one in found)


def _system(text: str, *, manager: str, version: str) -> Iterator[Dependency]:
    """A package of the distribution; a file or a URL is one that it does not have."""
    if "://" in text:
        name = re.sub(r"[-_]v?\d[^/]*$", "", text.rpartition("/")[2].partition("?")[0])
        yield Dependency(f"{manager}:{name}", "", "url", origin=text)
    elif text.startswith(("./", "/", "../")) or text.endswith((".deb", ".rpm", ".apk")):
        yield Dependency(f"{manager}:{text.rpartition('/')[2]}", "", "path", origin=text)
    else:
        match = re.fullmatch(rf"(@?[\w.+*?^()-]+?|[\w.+-]*\$.*?)(?::\w+)?(?:({version})(.*))?", text, re.DOTALL)
        if match is None:
            raise Unreadable(f"{text[:80]!r} is not a package")
        sign, value = match.group(2) or "", match.group(3) or ""
        yield Dependency(f"{manager}:{match.group(1)}", value if sign in ("=", "/") else sign + value)


def _apt(text: str, options: dict[str, str]) -> Iterator[Dependency]:
    if not text.endswith("-"):  # apt's way to remove, as a final + is to install
        yield from _system(text, manager="apt", version=r"=|/")


def _apk(text: str, options: dict[str, str]) -> Iterator[Dependency]:
    if not text.startswith(("!", ".")):  # a conflict, and a name for several
        yield from _system(text, manager="apk", version=r"[<>=~]+|@")


def _rpm(text: str, options: dict[str, str]) -> Iterator[Dependency]:
    # A version follows a hyphen as a part of the name does.
    match = re.fullmatch(r"([A-Za-z][\w.+]*(?:-[A-Za-z][\w.+]*)*)-(\d[\w.:~^*]*(?:-\d[\w.~^*]*)?)", text)
    yield from (
        [Dependency(f"rpm:{match.group(1)}", match.group(2))]
        if match
        else _system(text, manager="rpm", version=r"[<>=]+")
    )


def _gem(text: str, options: dict[str, str]) -> Iterator[Dependency]:
    name, _, version = text.partition(":")
    version = version or options.get("-v", options.get("--version", ""))
    if not name.endswith(".gem"):
        yield Dependency(name, version, ecosystem="ruby")


def _cargo(text: str, options: dict[str, str]) -> Iterator[Dependency]:
    from git_hotfix.dependencies.syntax.address import origin

    name, _, version = text.partition("@")
    version = version or options.get("--version", options.get("--vers", ""))
    git = options.get("--git", "")
    if "--path" not in options:
        revision = next((options[each] for each in ("--rev", "--tag", "--branch") if each in options), "")
        name = name.lower().replace("_", "-")
        yield (
            Dependency(name, revision, "git", origin=origin(git), ecosystem="rust")
            if git
            else Dependency(name, version, ecosystem="rust")
        )


def _go(text: str, options: dict[str, str]) -> Iterator[Dependency]:
    name, _, version = text.partition("@")
    local = name.startswith((".", "/"))
    yield Dependency(name, version, "path" if local else "registry", origin=name if local else "", ecosystem="go")


def _php(text: str, options: dict[str, str]) -> Iterator[Dependency]:
    match = re.fullmatch(r"([\w.-]+/[\w.-]+)(?:[:= ](.*))?", text)
    if match:
        yield Dependency(match.group(1).lower(), match.group(2) or "", ecosystem="php")


def _conda(text: str, options: dict[str, str]) -> Iterator[Dependency]:
    from git_hotfix.dependencies.ecosystems.conda.match import parse

    yield replace(parse(text), ecosystem="conda")


_READERS: dict[str, Callable[[str, dict[str, str]], Iterator[Dependency]]] = {
    "pip": _pip,
    "npm": _npm,
    "apt": _apt,
    "apk": _apk,
    "rpm": _rpm,
    "gem": _gem,
    "cargo": _cargo,
    "go": _go,
    "php": _php,
    "conda": _conda,
}
