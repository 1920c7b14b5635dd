"""What the statements of a logbook need to know of the release beside it."""

from __future__ import annotations

from git_hotfix.git import blobs, history, merge
from git_hotfix.model.names import Oid, branch_ref
from git_hotfix.report.intoto import PolicyFile, Release, uri_of
from git_hotfix.snapshot import Clone
from git_hotfix.verification import people
from git_hotfix.verification.subject import Subject


def release_of(subject: Subject) -> Release:
    """The release of a finished hotfix."""
    agreed = people.read_agreed(subject)
    return Release(
        tag=subject.tag.name,
        commit=subject.tag.commit,
        tree=subject.tagged_tree,
        line=branch_ref(subject.hotfix.production),
        url=_place(subject.clone),
        policy=_policy_file(subject),
        merged=_merged(subject),
        counted=frozenset(each.oid for each in agreed.approvals if each.counted and each.oid),
    )


def _place(clone: Clone) -> str:
    """The remote as a URI, or where there is none this repository; git takes a relative path from its top."""
    repository, remote = clone.repository, clone.snapshot.remote
    url = remote.url if remote else "."
    here = (repository.top or repository.git_dir) / url
    return uri_of(url if ":" in url else str(here.resolve()))


def _policy_file(subject: Subject) -> PolicyFile | None:
    if not subject.judged_by.said:
        return None
    commit, file = subject.judged_by.commit, subject.judged_by.snapshot.policy_file or ""
    blob = blobs.ids(subject.clone.git, [f"{commit}:{file}"])[0] if file else None
    return PolicyFile(commit, file, blob or "")


def _merged(subject: Subject) -> Oid | None:
    """The tree that production got with the fix, merged from where its policy judged; None where it conflicts, or where
    production had the fix by then."""
    git, before, tip = subject.clone.git, subject.judged_by.commit, subject.hotfix.tip
    if not (subject.judged_by.said and subject.has_tip) or history.is_ancestor(git, tip, before):
        return None
    [made] = merge.merge_all(git, [(before, tip)])
    return made.tree if made.clean else None
