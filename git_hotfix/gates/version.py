"""version: the fields that follow the release tags state the number of the hotfix's tag."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from git_hotfix.dependencies import version_agreement
from git_hotfix.dependencies.carriers.numbers import version_of
from git_hotfix.dependencies.version_agreement import Disagreement, Followed
from git_hotfix.gates.package import own_package
from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model import patterns
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.names import TagName
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.versions import Version, same_scheme
from git_hotfix.model.words import counted


@frozen
class Agreement:
    """What was held against the tag of the hotfix: the files with fields that follow the tags, the tag, the number that
    they state at the base and the one that they are to state, the fields that do not, and the manifests whose version
    is computed; `why_not` says why nobody is asked for more ("" where somebody is)."""

    followed: tuple[Followed, ...] = ()
    tag: TagName | None = None
    old: Version | None = None
    new: Version | None = None
    wrong: tuple[Disagreement, ...] = ()
    computed: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def fields(self) -> int:
        """How many fields follow the tags."""
        return sum(len(each.places) for each in self.followed)


def agreement(facts: Facts) -> Agreement:
    """Hold the fields that stated the base tag's number at the base against the tag that the hotfix has or will have.

    A repository whose fields did not follow its tags then is not asked to begin now, and neither is one whose last
    hotfix left them alone.
    """
    old = version_of(facts.hotfix.base_tag)
    if old is None:
        return Agreement(why_not="the base tag is no version")
    files = version_agreement.carriers(facts.content, _counts(facts))
    if not files:
        return Agreement(why_not="no file with a version")
    blobs = facts.content.blobs(files.values())
    fields = tuple(version_agreement.followed(files, blobs, old))
    computed = tuple(version_agreement.computed(files, blobs))
    if not fields:
        why = "the version is computed" if computed else f"no field states {facts.hotfix.base_tag}"
        return Agreement(computed=computed, why_not=why)
    tag = facts.next_tag()
    new = version_of(tag)
    if new is None or not same_scheme(old, new):
        why = f"{tag} is no version after {facts.hotfix.base_tag}" if tag else "the tag is not chosen yet"
        return Agreement(fields, tag, computed=computed, why_not=why)
    now = version_agreement.current_files(facts.content, facts.changes, fields)
    wrong = tuple(one for each in now for one in version_agreement.disagreements(*each, old, new))
    found = Agreement(fields, tag, old, new, wrong, computed)
    untouched = len(wrong) == found.fields and not any(each.changed for each in wrong)
    return replace(found, why_not=_why_nobody_minds(facts, fields) if untouched else "")


def _why_nobody_minds(facts: Facts, fields: Sequence[Followed]) -> str:
    """Why a fix that moves no version at all is not asked to: the hotfix before it did not either; "" where it did."""
    earlier = facts.earlier_hotfix([each.path for each in fields])
    number = version_of(earlier.tag) if earlier else None
    if earlier is None or number is None or not any(earlier.files.values()):
        return ""
    if version_agreement.stated_in(earlier.files, number):
        return ""
    return f"the hotfix {earlier.tag} did not state its number"


def check(facts: Facts, options: NoOptions) -> Judgement:
    """Warn of each field that follows the tags and states another number than the hotfix's tag."""
    found = agreement(facts)
    notes = tuple(
        Finding("not judged: its version is made when it is built", path=path, level="note") for path in found.computed
    )
    if found.why_not:
        return Judgement(found.why_not, found.tag or "", notes)
    findings = tuple(_finding(each, found.tag or TagName("")) for each in found.wrong)
    agreed = found.fields - len(findings)
    return Judgement(f"{agreed} of {counted(found.fields, 'field')}", found.tag or "", (*findings, *notes))


def _finding(wrong: Disagreement, tag: TagName) -> Finding:
    value = wrong.field.value.strip("\"'")
    if wrong.expected is None:
        message = f"states {value}, and cannot state the number of {tag}"
        return Finding(message, wrong.path, wrong.field.line, level="note")
    expected = wrong.expected.strip("\"'")
    message = f"states {value}, and the tag will be {tag}: expected {expected}"
    return Finding(message, wrong.path, wrong.field.line, hint="git hotfix bump")


def _counts(facts: Facts) -> Callable[[str], bool]:
    """Which files may carry the version of what the hotfix releases: no tests, no code of others, and of several
    packages those of its own."""
    files = facts.policy.files
    aside = patterns.paths(files.tests + files.vendored)
    own = own_package(facts)
    package = facts.packages.get(own) if own is not None else None
    if package is not None:
        mine = patterns.paths(package.paths)
        return lambda path: mine(path) and not aside(path)
    others = [patterns.paths(each.paths) for name, each in facts.packages.items() if name != own]
    return lambda path: not aside(path) and not any(holds(path) for holds in others)


GATE = Gate("version", "the project's version is the tag's number", check, NoOptions, severity="warn", order=76)
