"""Where the addresses of remotes lead: two that are written otherwise can be one repository."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from git_hotfix.git.repository import Repository
from git_hotfix.model.late_pattern import late_pattern

_SCP = late_pattern(r"^(?P<host>(?:[^/:@]+@)?(?:\[[^\]]+\]|[^/:\[]+)):(?P<path>.*)$", re.DOTALL)
_PORTS = {"http": 80, "https": 443, "ssh": 22, "git": 9418}


def remotes_at(repository: Repository, url: str) -> set[str]:
    """The names of the configured remotes that lead, for a fetch or a push, to where git would push for `url`.

    git hands its hook a URL that `insteadOf` and `pushInsteadOf` have changed; as they would change it again where it
    was typed, both are looked at. No process runs.
    """
    wanted = {place_of(repository, each) for each in (url, *_rewrite_url(repository.config, url, push=True))}
    keys = (key for key in repository.config if key.startswith("remote.") and key.endswith((".url", ".pushurl")))
    return {
        key[len("remote.") :].rpartition(".")[0]
        for key in keys
        if not wanted.isdisjoint(place_of(repository, each) for each in _configured_urls(repository.config, key))
    }


def push_url(repository: Repository, remote: str) -> str:
    """Where git pushes to for a remote's name; a name that is no remote is a URL itself."""
    config = repository.config
    own = config.get(f"remote.{remote}.pushurl")
    if own:
        return next(_rewrite_url(config, own[-1], push=False), own[-1])
    url = config.get(f"remote.{remote}.url", (remote,))[-1]
    return next(_rewrite_url(config, url, push=True), url)


def _configured_urls(config: Mapping[str, tuple[str, ...]], key: str) -> Iterator[str]:
    """Where the URLs of a setting lead: as they are written, and as git rewrites them."""
    for url in config[key]:
        yield url
        yield from _rewrite_url(config, url, push=key.endswith(".url"))


def _rewrite_url(config: Mapping[str, tuple[str, ...]], url: str, *, push: bool) -> Iterator[str]:
    """`url` as `url.<base>.pushInsteadOf` (for a `push`) and `url.<base>.insteadOf` change it: the longest one that
    fits of each, as git does (`git help config`, url.<base>.insteadOf)."""
    for kind in (".pushinsteadof", ".insteadof") if push else (".insteadof",):
        fits = [
            (len(start), key[len("url.") : -len(kind)])
            for key, starts in config.items()
            if key.startswith("url.") and key.endswith(kind)
            for start in starts
            if start and url.startswith(start)
        ]
        if fits:
            length, base = max(fits, key=lambda fit: fit[0])
            yield base + url[length:]


def place_of(repository: Repository, url: str) -> tuple[str, str]:
    """(host, path) of a URL, to be compared: without who logs in, how, and `.git`. A local path has no host and is the
    real one. Ports that are not the protocol's own count as part of the host."""
    if "::" in url.partition("/")[0]:  # a remote helper's, of which only the helper knows what it means
        return url, ""
    if "://" in url:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = None
        if parts.scheme.lower() == "file":
            return "", _real_path(repository, unquote(parts.path))
        host = (parts.hostname or "") + (f":{port}" if port and port != _PORTS.get(parts.scheme.lower()) else "")
        return host, _normal_path(unquote(parts.path))
    scp = _SCP.match(url)
    if scp and not (_top_folder(repository) / url).exists():
        return scp["host"].rpartition("@")[2].lower(), _normal_path(scp["path"])
    return "", _real_path(repository, url)


def _normal_path(path: str) -> str:
    return path.strip("/").removesuffix(".git").rstrip("/").lower()


def _top_folder(repository: Repository) -> Path:
    return repository.top or repository.git_dir


def _real_path(repository: Repository, path: str) -> str:
    """The real path of a local repository: of a work tree its git directory, and `name` may stand for `name.git`."""
    whole = _top_folder(repository) / Path(path)
    for ending in ("/.git", "", ".git/.git", ".git"):  # git looks in this order (enter_repo)
        place = Path(f"{whole}{ending}")
        if (place / "HEAD").exists():
            return str(place.resolve())
    return str(whole.resolve())
