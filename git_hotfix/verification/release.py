"""Whether what was released is base + fix, and whether the tag is what it says: its object, its trailers, its
signature."""

from __future__ import annotations

from collections.abc import Iterator

from git_hotfix.approvals.read import address
from git_hotfix.git import history, merge, signatures
from git_hotfix.git.run import decode
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.names import HEADS, Oid
from git_hotfix.model.verification import Check
from git_hotfix.model.words import counted
from git_hotfix.verification.subject import Subject

_HEAD = late_pattern(rb"object [0-9a-f]+\ntype (?P<type>\w+)\ntag (?P<tag>[^\n]*)\n(?:tagger (?P<tagger>[^\n]*)\n)?")


def judge_tree(subject: Subject) -> Check:
    """Whether the tree that was tagged is what the fix makes of the base."""
    hotfix, tree = subject.hotfix, subject.tagged_tree
    many = counted(len(subject.own), "commit")
    expected = f"{hotfix.base_tag or (hotfix.base or '')[:10]} and {many} up to {hotfix.tip[:10]}"
    if subject.has_tip:
        expected += f": tree {hotfix.tip_tree[:10]}"
        if tree != hotfix.tip_tree:
            return Check("tree", "fail", expected, f"{subject.tag.name} holds tree {tree[:10]}")
        again = _merged_again(subject)
        if again and again != tree:
            return Check("tree", "fail", expected, f"merging it again gives tree {again[:10]}, and not {tree[:10]}")
        return Check("tree", "pass", expected, f"tree {tree[:10]}")
    named = {entry.facts.get("Tree") for entry in hotfix.logbook.entries if entry.facts.get("Commit") == hotfix.tip}
    gone = f"the commits of the fix ({hotfix.tip[:10]}) are not here; {subject.tag.name} holds tree {tree[:10]}"
    if tree in named:
        return Check("tree", "pass", expected, f"{gone}, which the logbook names for them")
    return Check("tree", "unknown", expected, gone)


def _merged_again(subject: Subject) -> Oid | None:
    """The tree that merging the fix once more gives, where the tag stands on such a merge and it is clean."""
    [commit] = history.read_commits(subject.clone.git, [subject.tag.commit])
    if len(commit.parents) != 2 or commit.parents[1] != subject.hotfix.tip:
        return None
    [made] = merge.merge_all(subject.clone.git, [(commit.parents[0], commit.parents[1])])
    return made.tree if made.clean else None


def judge_base(subject: Subject) -> Check:
    """Whether the fix stands on the release that the tag names."""
    hotfix, git = subject.hotfix, subject.clone.git
    if hotfix.base is None:
        return Check("base", "unknown", "a production tag below the fix", "neither the tag nor the logbook names one")
    name = hotfix.base_tag
    expected = f"{name} at {hotfix.base[:10]}" if name else hotfix.base[:10]
    wrong = []
    known = subject.clone.snapshot.refs.tags.get(name) if name else None
    if known and known.commit != hotfix.base:
        wrong.append(f"{name} stands at {known.commit[:10]}")
    tip = hotfix.tip if subject.has_tip else subject.tag.commit
    if not history.is_ancestor(git, hotfix.base, tip):
        wrong.append(f"{tip[:10]} does not stand on it")
    if wrong:
        return Check("base", "fail", expected, "\n".join(wrong))
    if name and known is None:
        return Check("base", "unknown", expected, f"the fix stands on {hotfix.base[:10]}; {name} is not here")
    return Check("base", "pass", expected, f"the fix stands on it, {counted(len(subject.own), 'commit')} above")


def judge_tag_object(subject: Subject) -> Check:
    """Whether the tag is an object that says of itself, of the fix and of its finish what is so."""
    released, tag = subject.released, subject.tag
    expected = f"an annotated tag {tag.name} whose trailers name this hotfix, its base, its tip and its logbook"
    if not tag.annotated:
        return Check("tag-object", "fail", expected, f"{tag.name} is a name for {tag.commit[:10]}, and says nothing")
    wrong = [*_object_faults(subject), *_finish_faults(subject)]
    state, signed = _judge_signature(subject)
    if state == "fail":
        wrong.append(signed)
    if wrong:
        return Check("tag-object", "fail", expected, "\n".join(wrong))
    if not released.said("Hotfix-Issue"):
        return Check("tag-object", "unknown", expected, f"{tag.name} was made by hand, and names no hotfix; {signed}")
    if others := [*_other_objects(subject)]:
        return Check("tag-object", "unknown", expected, f"{tag.oid[:10]}, {signed}; {'; '.join(others)}")
    return Check("tag-object", "pass", expected, f"{tag.oid[:10]}, {signed}")


def _object_faults(subject: Subject) -> Iterator[str]:
    released, tag = subject.released, subject.tag
    head = _HEAD.match(released.content)
    if not released.intact:
        yield "its content is not what its id says"
    if head and decode(head["tag"]) != tag.name:
        yield f"it was made as {decode(head['tag'])}, and was copied to {tag.name}"
    if head and head["type"] != b"commit":
        yield f"it is a tag of a {decode(head['type'])}, not of a commit"
    if released.other:
        place = subject.clone.snapshot.remote.name if subject.clone.snapshot.remote else "the remote"
        yield f"{tag.name} here is {released.other[:10]}, and {tag.oid[:10]} on {place}"


def _other_objects(subject: Subject) -> Iterator[str]:
    """The other tags of this name that the hotfix was finished as before, where no entry takes that back. Who may write
    to the logbook may add an entry for a tag that was put in the place of the first."""
    entries, name = subject.chain.book.entries, subject.tag.name
    undone = max((at for at, each in enumerate(entries) if each.facts.get("Withdrawn") == name), default=-1)
    for entry in entries[undone + 1 :]:
        made = entry.facts.get("Tag-Object", "") if entry.kind == "finish" else ""
        if made and made != subject.tag.oid and entry.facts.get("Tag") == name:
            yield f"before, it was finished as {made[:10]}, and nobody recorded that this was taken back"


def _finish_faults(subject: Subject) -> Iterator[str]:
    """Where the tag and the entry of its finish say different things."""
    finish, released = subject.finish, subject.released
    if finish is None:
        return
    made = finish.facts.get("Tag-Object")  # the entry stands behind the tag, which names the logbook before it
    if made and made != subject.tag.oid:
        yield f"it is {subject.tag.oid[:10]}, and the entry of the finish names {made[:10]}"
    if not released.said("Hotfix-Issue"):
        return
    pairs = (("Hotfix-Issue", "Issue"), ("Hotfix-Tip", "Tip"), ("Hotfix-Base", "Base"),
             ("Hotfix-Base-Tag", "Base-Tag"), ("Hotfix-Policy", "Policy"))  # fmt: skip
    for key, fact in pairs:
        said, told = released.said(key), finish.facts.get(fact, "")
        if said and told and said != told:
            yield f"it says {key}: {said[:10]}, and the entry of the finish {fact}: {told[:10]}"
    line, told = released.said("Hotfix-Production").removeprefix(HEADS), finish.facts.get("Production", "")
    if line and told and line != told:
        yield f"it was made for {line}, and the entry of the finish says {told}"


def _judge_signature(subject: Subject) -> tuple[str, str]:
    """Whether the signature of the tag is one ("pass", "fail", or "unknown" where nothing here can tell), in words."""
    content = subject.released.content
    kinds = signatures.tag_signatures(content)
    if not kinds:
        return "pass", "not signed"
    head = _HEAD.match(content)
    who = decode(head["tagger"] or b"").rsplit(" ", 2)[0] if head else ""
    then = subject.judged_by.snapshot
    if kinds != ("SSH",):
        return "unknown", f"signed, and not checked: git verify-tag {subject.tag.name}"
    place, commit = then.policy.approvals.signers, subject.judged_by.commit
    found = signatures.check_tag(subject.clone.git, subject.tag.oid, address(who), commit, place)
    if found.key:
        return "pass", f"signed with {found.key}"
    if found.problem.startswith(signatures.BROKEN):
        return "fail", found.problem
    return "unknown", f"signed, and not checked: {found.problem}"
