"""Policy: every setting, its default, its unit, and where the default comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from git_hotfix.model import patterns

Strategy = Literal["auto", "merge", "cherry-pick"]
DAY = 24 * 3600  # seconds


@dataclass(frozen=True)
class GatePolicy:
    """One `[gates.<id>]` table: severity ("block", "warn", "off"), `allow` path patterns, and the gate's own options
    (an instance of the Options class that the gate's file declares)."""

    severity: Literal["block", "warn", "off"]
    allow: tuple[str, ...]
    options: object


@dataclass(frozen=True)
class Files:
    """Which paths are no production files (`[files]`); patterns as in `.gitignore`, without case.

    The classes are those that the measurement of 917 genuine hotfixes left out when it counted production files.
    """

    tests: tuple[str, ...] = (
        "test/", "tests/", "testing/", "__tests__/", "spec/", "specs/", "e2e/", "testdata/", "fixtures/", "*Tests/",
        "*.Tests/", "test_*.py", "*_test.*", "*.test.*", "*.spec.*", "*_spec.rb", "*Test.java", "*Tests.java",
        "*Test.kt", "*Tests.cs", "*Test.php", "conftest.py",
    )  # fmt: skip
    docs: tuple[str, ...] = (
        "doc/", "docs/", "documentation/", "*.md", "*.rst", "*.adoc", "*.txt", "LICENSE*", "COPYING*", "AUTHORS*",
        "CONTRIBUTORS*", "README*", "NOTICE*",
    )  # fmt: skip
    changelogs: tuple[str, ...] = ("CHANGELOG*", "CHANGES*", "HISTORY*", "NEWS*", "RELEASE-NOTES*", "RELEASE_NOTES*")
    locks: tuple[str, ...] = (
        "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb",
        "poetry.lock", "pdm.lock", "uv.lock", "Pipfile.lock", "pylock*.toml", "Cargo.lock", "go.sum", "Gemfile.lock",
        "composer.lock", "packages.lock.json", "mix.lock", "pubspec.lock", "Package.resolved", "Podfile.lock",
        "gradle.lockfile", "flake.lock", ".terraform.lock.hcl", "conan.lock",
    )  # fmt: skip
    vendored: tuple[str, ...] = (
        "vendor/",
        "third_party/",
        "third-party/",
        "node_modules/",
        "_vendor/",
        "bower_components/",
    )
    generated: tuple[str, ...] = (
        "*.min.js", "*.min.css", "*.map", "*_pb2.py", "*_pb2_grpc.py", "*.pb.go", "*.g.dart", "*.designer.cs", "*.snap",
        "__snapshots__/",
    )  # fmt: skip
    manifests: tuple[str, ...] = ("requirements*.txt", "CMakeLists.txt", "constraints*.txt")

    def is_production(self, path: str) -> bool:
        """True for every path but tests, docs, changelogs, lock files, vendored and generated files.

        `manifests` win over the other classes: `requirements.txt` is no document.
        """
        if patterns.paths(self.manifests)(path) and not patterns.paths(self.tests + self.vendored)(path):
            return True
        return not patterns.paths(
            self.tests + self.docs + self.changelogs + self.locks + self.vendored + self.generated
        )(path)


@dataclass(frozen=True)
class Backport:
    """Where a fix must go and how (`[backport]`)."""

    targets: tuple[str, ...] = ("<develop>", "release/*", "feature/*")  # "<develop>" stands for the develop branch
    exclude: tuple[str, ...] = ()
    # A feature branch whose newest commit is older is left alone.
    active_within: int = field(default=90 * DAY, metadata={"unit": "seconds"})
    strategy: Strategy = "auto"
    source: Literal["branch", "tag"] = "branch"
    # Feature branches a push; the cap of a forge's rulesets on ref updates in one push.
    chunk: int = field(default=1000, metadata={"min": 1, "max": 1000})


@dataclass(frozen=True)
class Policy:
    """Every setting of a team. Read from production's tip only; a hotfix cannot raise its own limits."""

    release_tags: tuple[str, ...] = ("v*", "[0-9]*", "hotfix-*")
    tag: str = "auto"
    deploy: Literal["branch", "tag"] | None = None  # what the team ships: production's tip, or the tag
    support: tuple[str, ...] = ("support/*", "release/*", "maint/*", "maintenance/*", "stable/*", "*.x", "*-stable")
    requires: str | None = None
    # From detection to deployment; the playbook's goal.
    budget: int = field(default=2 * 3600, metadata={"unit": "seconds", "min": 1})
    backport: Backport = field(default_factory=Backport)
    files: Files = field(default_factory=Files)
    gates: Mapping[str, GatePolicy] = field(default_factory=dict)

    def is_release_tag(self, tag: str) -> bool:
        """True when `tag` matches `release-tags`."""
        return patterns.tags(self.release_tags)(tag)


@dataclass(frozen=True)
class PolicyProblem:
    """A mistake in a policy file: file, line (1-based, 0 unknown), key, what is wrong. `fatal` where the file could
    not be used and the defaults hold."""

    file: str
    line: int
    key: str
    message: str
    fatal: bool
