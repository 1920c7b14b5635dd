"""Which branch a CI job runs for, by the variables that its makers document.

Whoever opens a pull request chooses the name of its branch, so it is held against git's rules for names, and the
commit that is judged is always the one that is checked out.
"""

from __future__ import annotations

from collections.abc import Mapping

from git_hotfix.model.names import HEADS, BranchName, why_no_tag

# The source of a pull request; it comes first, because the others then name its target or something of their own.
_SOURCES = (
    "GITHUB_HEAD_REF",  # GitHub, Gitea, Forgejo
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",  # GitLab
    "SYSTEM_PULLREQUEST_SOURCEBRANCH",  # Azure Pipelines
    "CHANGE_BRANCH",  # Jenkins, multibranch
    "TRAVIS_PULL_REQUEST_BRANCH",
    "APPVEYOR_PULL_REQUEST_HEAD_REPO_BRANCH",
    "DRONE_SOURCE_BRANCH",
    "CI_COMMIT_SOURCE_BRANCH",  # Woodpecker
)
_BRANCHES = (
    "GITHUB_REF",  # with refs/heads/, or it is not a branch
    "CI_COMMIT_BRANCH",  # GitLab, Woodpecker
    "BUILD_SOURCEBRANCH",  # Azure Pipelines, as GITHUB_REF
    "BITBUCKET_BRANCH",
    "BUILDKITE_BRANCH",
    "CIRCLE_BRANCH",
    "BRANCH_NAME",  # Jenkins
    "TRAVIS_BRANCH",
    "DRONE_BRANCH",
    "APPVEYOR_REPO_BRANCH",
)


def branch(environment: Mapping[str, str]) -> BranchName | None:
    """The branch that the job is for; None where no variable names one that git would take."""
    names = (environment.get(name, "") for name in (*_SOURCES, *_BRANCHES))
    said = next((name for name in names if name), "").removeprefix(HEADS)
    return BranchName(said) if said and not said.startswith("refs/") and why_no_tag(said) is None else None


def merges(environment: Mapping[str, str]) -> bool:
    """True where the job has checked out a merge that its forge made to try the pull request, and nobody committed."""
    ref = environment.get("GITHUB_REF", "") or environment.get("BUILD_SOURCEBRANCH", "")
    tried = environment.get("CI_MERGE_REQUEST_EVENT_TYPE", "") in ("merged_result", "merge_train")
    return tried or (ref.startswith("refs/pull/") and ref.endswith("/merge"))
