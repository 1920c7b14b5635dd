"""Policy: every setting, its default, its unit, and where that comes from. Long because docs/policy.md is all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from git_hotfix.model import patterns, sources, translations
from git_hotfix.model.floating import floats, why_no_floating
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.messages import why_no_merge_message, why_no_tag_message
from git_hotfix.model.names import OFFER_PREFIX, why_no_offer_prefix
from git_hotfix.model.words import one_line

Strategy = Literal["auto", "merge", "cherry-pick"]
Deliver = Literal["push", "pull-request"]
Landing = Literal["merge", "fast-forward", "squash"]
DAY = 24 * 3600  # seconds
# What a build makes a program of (Maven, Gradle, sbt), and what Rails loads: a folder there is a part of a name.
_PROGRAM = late_pattern(r"(?:^|/)src/main/")
_LOADED = late_pattern(
    r"(?:^|/)(?=app/(?:models|controllers|views|helpers|jobs|mailers|mailboxes|channels|services|components|policies|"
    r"serializers|workers|forms|graphql|presenters|decorators|validators|queries)/.*\.(?:rb|erb|haml|slim)$)"
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def why_no_box(id: str) -> str:
    """What is wrong with the id of a box, else empty. A team's own are not known here."""
    return "" if re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", id) else "expected the id of a box, such as smoke"


def _why_no_role(role: str) -> str:
    """What is wrong with the name of a role, else empty."""
    return "" if one_line(role) == role and role else "expected the name of a role, such as Security"


def _why_no_path(path: str) -> str:
    from git_hotfix.model.document_path import why_no_document_path  # few policies name one, and every hook reads one

    return why_no_document_path(path)


_PHASE = {"unit": "seconds", "min": 1, "source": "playbook, 2.1 to 2.7"}


@frozen
class GatePolicy:
    """One `[gates.<id>]` table: severity ("block", "warn", "off"), `allow` path patterns, whether it may be waived, and
    the gate's own options (an instance of the Options class that the gate's file declares)."""

    severity: Literal["block", "warn", "off"] = field(
        metadata={"doc": "block refuses, warn only tells, off does not look; the gate's own below"}
    )
    allow: tuple[str, ...] = field(
        metadata={"doc": "patterns of paths that the gate does not look at; of a rename both paths have to match"}
    )
    options: object
    waivable: bool = field(
        default=True, metadata={"doc": "false: nobody waives this gate, and a waiver that is there is ignored"}
    )


@frozen
class Files:
    """Which paths are not production files (`[files]`); patterns as in `.gitignore`, without case.

    The classes are those that the measurement of 917 genuine hotfixes left out when it counted production files. A test
    or a document that a changed production file imports is a production file.
    """

    tests: tuple[str, ...] = field(
        default=_words(
            "test/ tests/ testing/ __tests__/ spec/ specs/ e2e/ testdata/ fixtures/ *Tests/ *.Tests/ test_*.py "
            "*_test.* *.test.* *.spec.* *_spec.rb *Test.java *Tests.java *Test.kt *Tests.cs *Test.php conftest.py"
        ),
        metadata={"doc": "tests"},
    )
    docs: tuple[str, ...] = field(
        default=_words(
            "doc/ docs/ documentation/ *.md *.rst *.adoc *.txt LICENSE* COPYING* AUTHORS* CONTRIBUTORS* README* NOTICE*"
        ),
        metadata={"doc": "documents"},
    )
    changelogs: tuple[str, ...] = field(
        default=_words("CHANGELOG* CHANGES* HISTORY* NEWS* RELEASE-NOTES* RELEASE_NOTES*"),
        metadata={"doc": "changelogs"},
    )
    translations: tuple[str, ...] = field(
        default=_words(
            "locale/ locales/ _locales/ i18n/ l10n/ lang/ langs/ languages/ translations/ LC_MESSAGES/ po/ *.lproj/ "
            "values-*/ messages_*.properties ValidationMessages_*.properties LocalStrings_*.properties"
        ),
        metadata={
            "doc": "where translations are kept; there count .po, .xlf, .arb, .strings and the like, and JSON, YAML, "
            "XML or properties with a language in the name or the folder (`locales/fr.json`), never source code"
        },
    )
    locks: tuple[str, ...] = field(
        default=_words(
            "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb poetry.lock pdm.lock "
            "uv.lock Pipfile.lock pylock*.toml Cargo.lock go.sum Gemfile.lock composer.lock packages.lock.json "
            "mix.lock pubspec.lock Package.resolved Podfile.lock gradle.lockfile flake.lock .terraform.lock.hcl "
            "conan.lock Chart.lock paket.lock *gradle.lockfile Cartfile.resolved conda-lock.yml"
        ),
        metadata={"doc": "lock files"},
    )
    vendored: tuple[str, ...] = field(
        default=_words("vendor/ third_party/ third-party/ node_modules/ _vendor/ bower_components/"),
        metadata={"doc": "the code of others that is kept here"},
    )
    generated: tuple[str, ...] = field(
        default=_words(
            "*.min.js *.min.css *.map *_pb2.py *_pb2_grpc.py *.pb.go *.g.dart *.designer.cs *.snap __snapshots__/"
        ),
        metadata={"doc": "files that a program writes"},
    )
    manifests: tuple[str, ...] = field(
        default=_words("requirements*.txt CMakeLists.txt constraints*.txt"),
        metadata={"doc": "manifests that look like documents; they win over the other classes"},
    )

    def is_production(self, path: str) -> bool:
        """True for every path but tests, documents, changelogs, translations, lock files, vendored and generated files.

        A path that ends with `/` is a submodule's. `manifests` win over the other classes: `requirements.txt` is no
        document. What stands below `src/main/` is what a build makes the program of, and `app/models/` and its like
        what Rails loads: no source there is a test or somebody else's, whatever its package is called.
        """
        classes = _classes(self)
        if classes.aside(path) and not _is_program(path, classes.aside):
            return False
        if classes.manifests(path):
            return True
        return not (classes.made(path) or self.is_translation(path) or self.is_document(path))

    def is_document(self, path: str) -> bool:
        """True for a document or a changelog.

        A pattern that names an ending (`*.md`) holds as it is. Source code is a document only in a folder of documents
        at the top (docs/conf.py), not in a package that is called so; and the beginning of a name (`NEWS*`) says
        nothing of source code and of what a program reads: history.ts, news.sql and license.rb are production's.
        """
        classes = _classes(self)
        if classes.endings(path):
            return True
        if sources.is_source(path):
            return classes.tops(path)
        return classes.folders(path) or (classes.begins(path) and not path.lower().endswith(sources.DATA))

    def is_translation(self, path: str) -> bool:
        """True for a file of translated texts, by its ending and its place; source code is never one."""
        return translations.is_text(path, in_place=_classes(self).translations(path))


def _is_program(path: str, aside: Callable[[str], bool]) -> bool:
    """True for source in a place that says so, whatever the folders below are called."""
    if _PROGRAM.search(path):
        return sources.is_source(path)
    loaded = _LOADED.search(path)
    # The application of a test (spec/dummy/app/models) is none, and a spec that stands beside what it tests is one.
    return loaded is not None and not aside(f"{path[: loaded.end()]}x") and not aside(path.rpartition("/")[2])


class _Classes(NamedTuple):
    """What the patterns of `Files` say of a path; 30 gates ask that of every changed file."""

    aside: Callable[[str], bool]
    manifests: Callable[[str], bool]
    made: Callable[[str], bool]
    endings: Callable[[str], bool]
    folders: Callable[[str], bool]
    tops: Callable[[str], bool]
    begins: Callable[[str], bool]
    translations: Callable[[str], bool]


@lru_cache(maxsize=8)
def _classes(files: Files) -> _Classes:
    documents = files.docs + files.changelogs
    folders = tuple(each for each in documents if each.endswith("/"))
    begins = tuple(each for each in documents if each.endswith("*") and not each.startswith("*"))
    return _Classes(
        aside=patterns.paths(files.tests + files.vendored),
        manifests=patterns.paths(files.manifests),
        made=patterns.paths(files.locks + files.generated),
        endings=patterns.paths(tuple(each for each in documents if each not in folders + begins)),
        folders=patterns.paths(folders),
        tops=patterns.paths(tuple(f"/{each.removeprefix('/')}" for each in folders)),
        begins=patterns.paths(begins),
        translations=patterns.paths(files.translations),
    )


@frozen
class BranchRule:
    """How a fix comes to the branches that a pattern names (`[backport.branches."<pattern>"]`).

    Patterns are as in `targets`. What a table leaves out is as `[backport]` says; of two tables that name a branch the
    later one wins, key by key.
    """

    strategy: Strategy | None = field(default=None, metadata={"doc": "as `strategy` above"})
    deliver: Deliver | None = field(default=None, metadata={"doc": "as `deliver` above"})
    tag: str | None = field(
        default=None,
        metadata={
            "doc": "the tag that a delivery to a release line gets, on the line's own newest production tag plus the "
            'fix: `"auto"` is the next of its scheme, `"none"` (the default) no tag; or such as `"{base}-fix-{issue}"`',
            "example": "auto",
        },
    )


@frozen
class Backport:
    """Where a fix must go and how (`[backport]`)."""

    targets: tuple[str, ...] = field(
        default=("<develop>", "release/*", "support/*", "feature/*"),
        metadata={
            "doc": 'patterns of the branches that must get a fix; "<develop>" stands for the develop branch. Finished '
            "release lines and merged or inactive feature branches are left out, but not one whose whole name is here"
        },
    )
    exclude: tuple[str, ...] = field(default=(), metadata={"doc": "patterns of branches that are left out"})
    active_within: int = field(
        default=90 * DAY,
        metadata={"doc": "a feature branch whose newest commit is older is left out", "unit": "seconds"},
    )
    strategy: Strategy = field(
        default="auto",
        metadata={"doc": "how a fix is brought to a target; auto merges where that brings nothing but the fix"},
    )
    deliver: Deliver = field(
        default="push",
        metadata={
            "doc": "push to the target, or offer a pull request from `<offer-prefix><target>/<issue>`, which is also "
            "what becomes of a target that the remote refuses"
        },
    )
    source: Literal["branch", "tag"] = field(
        default="branch",
        metadata={"doc": "what is merged; with the tag `git describe` on develop sees it"},
    )
    chunk: int = field(
        default=1000,
        metadata={
            "doc": "feature branches a push", "min": 1, "max": 1000,
            "source": "a forge's rulesets cap one push at 1,000 ref updates",
        },
    )  # fmt: skip
    offer_prefix: str = field(
        default=OFFER_PREFIX,
        metadata={
            "doc": "what the names of the branches of these pull requests begin with, where the server takes only some "
            'names: such as `"bugfix/to-"`; not `hotfix/`, below which each branch is a hotfix',
            "check": why_no_offer_prefix,
        },
    )
    keep_target: tuple[str, ...] = field(
        default=_words(
            "VERSION VERSION.txt VERSION.md .version version.py _version.py __version__.py version.rb version.go "
            "version.ts version.js version.sbt version.properties version.h version.hpp pyproject.toml setup.cfg "
            "setup.py __init__.py __about__.py conf.py docs_conf.py .bumpversion.cfg .bumpversion.toml .cz.toml "
            "package.json package-lock.json npm-shrinkwrap.json bower.json jsr.json lerna.json "
            ".release-please-manifest.json composer.json Cargo.toml pom.xml build.gradle build.gradle.kts "
            "gradle.properties application.properties application.yml application.yaml sonar-project.properties "
            "*.csproj *.fsproj *.vbproj *.nuspec Directory.Build.props Version.props Versions.props *AssemblyInfo.cs "
            "SolutionInfo.cs *AssemblyInfo.vb SolutionInfo.vb *AssemblyInfo.fs SolutionInfo.fs project.pbxproj "
            "*.gemspec mix.exs CMakeLists.txt Chart.yaml pubspec.yaml Info.plist CHANGELOG CHANGELOG.md CHANGELOG.rst "
            "CHANGELOG.txt CHANGELOG.adoc CHANGELOG.markdown CHANGELOG.textile CHANGES CHANGES.md CHANGES.rst "
            "CHANGES.txt CHANGES.adoc CHANGES.markdown CHANGES.textile CHANGES.rdoc CHANGES.org HISTORY.md HISTORY.rst "
            "HISTORY.txt HISTORY.adoc NEWS NEWS.md NEWS.rst NEWS.txt NEWS.adoc RELEASE-NOTES.md RELEASE-NOTES.rst "
            "RELEASE-NOTES.txt RELEASE_NOTES.md RELEASE_NOTES.rst RELEASE_NOTES.txt ReleaseNotes.md ReleaseNotes.rst "
            "ReleaseNotes.txt ReleaseNotes.adoc"
        ),
        metadata={
            "doc": "patterns of paths whose lines in conflict stay as the target has them; in a manifest, a build "
            "script or a source file only what states the project's own version, in a version file only lines "
            "that name it as such files do (`version`, `__version__`, `VERSION_NAME`, `major`), never in vendored code "
            "(`files.vendored`)",
            "source": "a third of the hotfixes that conflict with develop do so only in version or changelog files",
        },
    )
    union: tuple[str, ...] = field(
        default=(),
        metadata={
            "doc": "patterns of changelogs whose lines in conflict are all kept, the target's first; they win over "
            "`keep-target`, but never for a manifest or a version file"
        },
    )
    branches: Mapping[str, BranchRule] = field(default_factory=dict)

    @property
    def offer_prefixes(self) -> tuple[str, ...]:
        """What the names of branches of pull requests begin with: of new ones the first; of older ones the default."""
        return tuple(dict.fromkeys((self.offer_prefix, OFFER_PREFIX)))


@frozen
class Production:
    """How a fix comes to production (`[production]`)."""

    strategy: Landing = field(
        default="merge",
        metadata={
            "doc": "merge: a merge commit; fast-forward: no commit of its own, refused where production is not "
            "an ancestor of the hotfix; squash: one commit, and the tag sits on it when it holds only base + fix. "
            "`git hotfix finish --strategy` overrules it once"
        },
    )


@frozen
class Messages:
    """What the messages of merges and tags say (`[messages]`), where a server or a team wants them otherwise.

    Each is a template. `{issue}`, `{title}` (of `start -m`; else "hotfix" and the issue), `{branch}` (the hotfix's),
    `{target}` (the branch that receives it), `{base}` (the production tag that it starts from) and `{severity}` are
    filled in, in `tag` also `{tag}`. The trailers by which a hotfix is found again are always appended. A cherry-pick
    keeps the message of its commit.
    """

    merge: str | None = field(
        default=None,
        metadata={
            "doc": 'of a merge into production or a target, such as `"chore: merge {branch} into {target}"`; unset: as '
            "git words it",
            "example": "chore: merge {branch} into {target}",
            "check": why_no_merge_message,
        },
    )
    squash: str | None = field(
        default=None,
        metadata={
            "doc": 'of the one commit of `production.strategy = "squash"`; unset: the message of the one commit, else '
            "the title and the subjects of all",
            "check": why_no_merge_message,
            "example": "fix: {title} ({issue})",
        },
    )
    tag: str | None = field(
        default=None,
        metadata={
            "doc": "of a hotfix's tag, above its facts; unset: `Hotfix {issue}: {title}`",
            "check": why_no_tag_message,
            "example": "Hotfix {issue}: {title}",
        },
    )


@frozen
class Merge:
    """git's settings of the same names for every merge and cherry-pick (`[merge]`); a clone's own have no say."""

    renormalize: bool = field(
        default=False,
        metadata={
            "doc": "true: line ends and filters are brought to one form before lines are compared, where a branch is "
            "older than its `.gitattributes`"
        },
    )
    directory_renames: Literal["conflict", "true", "false"] = field(
        default="conflict",
        metadata={
            "doc": "a new file in a folder that the other side renamed: is a conflict, follows the rename, or stays "
            "where it is"
        },
    )


@frozen
class TagRules:
    """Tags beside those of releases (`[tags]`)."""

    floating: tuple[str, ...] = field(
        default=(),
        metadata={
            "doc": 'names of tags that move with the releases, such as `["v{major}", "v{major}.{minor}"]`: a finish '
            "moves each of them to its new tag where that is the highest release of its part. They are not production "
            "tags, and the hooks let them move",
            "check": why_no_floating,
        },
    )


@frozen
class Waivers:
    """What makes a waiver hold (`[waivers]`)."""

    need_approval: int = field(
        default=0,
        metadata={
            "doc": "how many people must approve a waiver before it holds, none of them an author of the fix or who "
            "waived",
            "unit": "people",
        },
    )


@frozen
class Approvals:
    """How many approvals a fix needs, and what makes one count (`[approvals]`). Without signatures a person is whoever
    git config says."""

    required: int = field(
        default=0,
        metadata={
            "doc": "how many people must approve the fix itself before production takes it, none of them an author of "
            "it; the hotfix branch is pushed without. The gate `approval` refuses, and may be waived unless "
            "`[gates.approval]` says `waivable = false` or waivers need approvals themselves",
            "unit": "people",
        },
    )
    roles: tuple[str, ...] = field(
        default=(),
        metadata={
            "doc": "roles of which each must have approved, beside `required`: whoever approves says theirs "
            "(`git hotfix approve --role Security`), and one person may have several",
            "check": _why_no_role,
            "example": ["Security"],
        },
    )
    signed: bool = field(
        default=False, metadata={"doc": "true: an approval counts only when a key in `signers` signed it"}
    )
    signers: str = field(
        default=".git-hotfix/allowed_signers",
        metadata={
            "doc": "path, on the production branch, of a file of ssh keys and the addresses that they speak for, as "
            "ALLOWED SIGNERS in ssh-keygen(1) says"
        },
    )

    @property
    def asked(self) -> bool:
        """True where a fix needs any approval."""
        return bool(self.required or self.roles)


def _why_no_severity(name: str) -> str | None:
    return None if name in ("P0", "P1", "P2") else "expected severities: P0, P1, P2"


def _form_fields() -> Collection[str]:
    from git_hotfix.model import form  # few commands ask, and no hook does

    return form.BY_ID


@frozen
class FormField:
    """At which severities an answer of the form is required (`[form.fields.<id>]`); `git hotfix edit` names the ids.

    What a table leaves out is as the form has it; `[]` requires it at none.
    """

    finish: tuple[str, ...] | None = field(
        default=None,
        metadata={
            "doc": 'severities at which `finish` and `pr --create` need it, such as `["P0", "P1"]`',
            "check": _why_no_severity,
            "example": ("P0", "P1"),
        },
    )
    close: tuple[str, ...] | None = field(
        default=None,
        metadata={
            "doc": "severities at which `close` needs it",
            "check": _why_no_severity,
            "example": ("P0", "P1", "P2"),
        },
    )


@frozen
class FormRules:
    """What the form of a hotfix (`git hotfix edit`) has to hold (`[form]`)."""

    refuse: bool = field(
        default=False,
        metadata={
            "doc": "true: `finish` and `pr --create` refuse while an answer that they need is open; false: they name "
            "it, and go on"
        },
    )
    fields: Mapping[str, FormField] = field(
        default_factory=dict, metadata={"names": _form_fields, "named": "<id>", "example": "root-cause"}
    )


@frozen
class Package:
    """One package of a repository that is released by tags of its own (`[packages.<name>]`).

    `git hotfix start --package <name>` starts at its newest release, and a fix that changes none of its paths is a
    finding of the gate `package`.
    """

    paths: tuple[str, ...] = field(default=(), metadata={"doc": "patterns of the paths that the package is made of"})
    tags: tuple[str, ...] = field(
        default=(), metadata={"doc": "patterns of its release tags; they have to match `release-tags` too"}
    )


@frozen
class Phases:
    """How much of `budget` each phase of a hotfix may take (`[budget-phases]`); `git hotfix status` says which one runs
    and which were late."""

    assess: int = field(default=5 * 60, metadata={**_PHASE, "doc": "from detection until somebody took it on"})
    branch: int = field(default=2 * 60, metadata={**_PHASE, "doc": "until `git hotfix start`"})
    fix: int = field(default=60 * 60, metadata={**_PHASE, "doc": "until the last commit of the fix"})
    test: int = field(default=20 * 60, metadata={**_PHASE, "doc": "until a run passed, it was on staging or approved"})
    deploy: int = field(default=20 * 60, metadata={**_PHASE, "doc": "until it ran in production, else was released"})
    backport: int = field(default=10 * 60, metadata={**_PHASE, "doc": "until every target had the fix"})
    close: int = field(default=3 * 60, metadata={**_PHASE, "doc": "until nothing was left to do"})


@frozen
class TeamBox:
    """A box that a team adds to those of the tool (`[boxes.<id>]`). It stands in the extended pull request, and
    `git hotfix mark <id>` ticks it."""

    text: str | None = field(
        default=None, metadata={"doc": "what it says (unset: its id)", "example": "Errors go to the error service"}
    )
    when: tuple[str, ...] = field(
        default=(),
        metadata={"doc": "patterns of paths: it applies where the fix changes one of them (none: always)", "one": True},
    )
    lapses: bool = field(default=True, metadata={"doc": "true: it is about code, and changed code opens it again"})


@frozen
class Needs:
    """The boxes that have to be done, or not applicable, before a hotfix goes on (`[needs]`); `git hotfix mark` lists
    them."""

    finish: tuple[str, ...] = field(
        default=(), metadata={"doc": "boxes that `git hotfix finish` needs", "check": why_no_box, "example": ["smoke"]}
    )
    close: tuple[str, ...] = field(
        default=(),
        metadata={"doc": "boxes that `git hotfix close` needs", "check": why_no_box, "example": ["monitoring"]},
    )


@frozen
class Documents:
    """The documents of a hotfix (`[documents]`). A template of a team's own is read from the production branch, as a
    plain file of it."""

    pull_request: str = field(
        default="standard",
        metadata={"doc": "the template of pull requests: standard, extended, or the path of the team's own"},
    )
    postmortem: str = field(
        default="docs/postmortems/{tag}.md",
        metadata={"doc": "where post-mortems stand; `{tag}` and `{issue}` are filled in", "check": _why_no_path},
    )
    postmortem_template: str | None = field(
        default=None,
        metadata={
            "doc": "the path of the team's own template of a post-mortem",
            "check": _why_no_path,
            "example": ".github/postmortem.md.j2",
        },
    )
    labels: tuple[str, ...] = field(default=(), metadata={"doc": "labels of a pull request that `pr` opens"})
    reviewers: tuple[str, ...] = field(default=(), metadata={"doc": "who is asked for a review of it"})
    assignees: tuple[str, ...] = field(default=(), metadata={"doc": "whom it is assigned to"})
    auto_merge: bool = field(
        default=False, metadata={"doc": "true: the forge merges it once everything that it requires is there"}
    )
    incident_log: str = field(
        default="plans/Security/INCIDENT_LOG.md",
        metadata={"doc": "where the incident log stands, one row a hotfix", "check": _why_no_path},
    )


@frozen
class Policy:
    """Every setting of a team. Read from production's tip only; a hotfix cannot raise its own limits."""

    release_tags: tuple[str, ...] = field(
        default=("v*", "[0-9]*", "hotfix-*"),
        metadata={
            "doc": "patterns of production tags",
            "source": "12 to 18 % of 4,253 hotfix merges carry a tag that is not a version",
        },
    )
    tag: str = field(
        default="auto",
        metadata={"doc": "the name of a hotfix's tag: auto (the base tag's own scheme), or such as \"hotfix-{issue}\""},
    )
    prefixes: tuple[str, ...] = field(
        default=("hotfix/",),
        metadata={
            "doc": "what the names of hotfix branches begin with; the first one names new branches. `hotfix/` always "
            "counts, and a clone's `hotfix.prefix` or `gitflow.prefix.hotfix` in git config adds one"
        },
    )
    newer_release: Literal["ask", "ignore"] = field(
        default="ask",
        metadata={
            "doc": "what `start` does where a release line has a newer release that was never merged to production: "
            "ask, or start at production's own all the same"
        },
    )
    deploy: Literal["branch", "tag"] | None = field(
        default=None, metadata={"doc": "what the team ships: production's tip, or the tag"}
    )
    support: tuple[str, ...] = field(
        default=_words("support/* release/* maint/* maintenance/* stable/* <versions>"),
        metadata={
            "doc": "patterns of the branches that keep an older release alive; `<versions>` stands for those that are "
            "named after their version: 11.4, v2.x, release-3.1, 3-2-stable"
        },
    )
    requires: str | None = field(
        default=None,
        metadata={"doc": 'the versions of git-hotfix that this policy needs, such as ">=1.2"', "example": ">=0.1"},
    )
    budget: int = field(
        default=2 * 3600,
        metadata={
            "doc": "from detection to deployment",
            "unit": "seconds",
            "min": 1,
            "source": "playbook, 0.1: < 2 hours",
        },
    )
    budget_phases: Phases = field(default_factory=Phases)
    keep_branch: bool = field(
        default=False,
        metadata={"doc": "true: the hotfix branch stays when nothing is owed any more, as with `finish --keep`"},
    )
    production: Production = field(default_factory=Production)
    messages: Messages = field(default_factory=Messages)
    backport: Backport = field(default_factory=Backport)
    files: Files = field(default_factory=Files)
    merge: Merge = field(default_factory=Merge)
    tags: TagRules = field(default_factory=TagRules)
    waivers: Waivers = field(default_factory=Waivers)
    approvals: Approvals = field(default_factory=Approvals)
    form: FormRules = field(default_factory=FormRules)
    packages: Mapping[str, Package] = field(default_factory=dict)
    boxes: Mapping[str, TeamBox] = field(default_factory=dict, metadata={"named": "<id>", "example": "error-service"})
    needs: Needs = field(default_factory=Needs)
    documents: Documents = field(default_factory=Documents)
    gates: Mapping[str, GatePolicy] = field(default_factory=dict)

    def is_release_tag(self, tag: str) -> bool:
        """True when `tag` matches `release-tags` and does not float."""
        return patterns.tags(self.release_tags)(tag) and not self.floats(tag)

    def floats(self, tag: str) -> bool:
        """True when `tag` is one of the tags that move with the releases (`tags.floating`)."""
        return any(floats(template, tag) for template in self.tags.floating)


@frozen
class PolicyProblem:
    """A mistake in a policy file: file, line (1-based, 0 unknown), key, what is wrong. `fatal` where the file could
    not be used and the defaults hold."""

    file: str
    line: int
    key: str
    message: str
    fatal: bool
