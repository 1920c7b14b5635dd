"""Which branch a CI job is for: what others typed is a name or nothing."""

from __future__ import annotations

import pytest

from git_hotfix.model import ci


@pytest.mark.parametrize(
    ("environment", "branch"),
    [
        ({}, None),
        ({"GITHUB_HEAD_REF": "hotfix/4711", "GITHUB_REF": "refs/pull/7/merge"}, "hotfix/4711"),
        ({"GITHUB_HEAD_REF": "", "GITHUB_REF": "refs/heads/hotfix/4711"}, "hotfix/4711"),
        ({"GITHUB_HEAD_REF": "", "GITHUB_REF": "refs/tags/v1.4.2"}, None),
        ({"CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "hotfix/4711", "CI_COMMIT_BRANCH": "main"}, "hotfix/4711"),
        ({"CI_COMMIT_BRANCH": "hotfix/4711"}, "hotfix/4711"),
        ({"CHANGE_BRANCH": "hotfix/4711", "BRANCH_NAME": "PR-7"}, "hotfix/4711"),
        ({"TRAVIS_PULL_REQUEST_BRANCH": "hotfix/4711", "TRAVIS_BRANCH": "main"}, "hotfix/4711"),
        # What git takes for no name.
        ({"GITHUB_HEAD_REF": "--output=x"}, None),
        ({"GITHUB_HEAD_REF": "hotfix/../../config"}, None),
        ({"GITHUB_HEAD_REF": "hotfix/x y"}, None),
        ({"GITHUB_HEAD_REF": "hotfix/x\n::error::y"}, None),
        ({"GITHUB_HEAD_REF": "hotfix/\u202ex"}, None),
        ({"GITHUB_HEAD_REF": "hotfix/"}, None),
        ({"GITHUB_HEAD_REF": "refs/remotes/origin/hotfix/4711"}, None),
        # What a shell would run, and nobody hands to one.
        ({"GITHUB_HEAD_REF": "hotfix/$(id)"}, "hotfix/$(id)"),
    ],
)
def test_the_branch_of_a_job(environment: dict[str, str], branch: str | None) -> None:
    assert ci.branch(environment) == branch


@pytest.mark.parametrize(
    ("environment", "merges"),
    [
        ({}, False),
        ({"GITHUB_REF": "refs/pull/7/merge"}, True),
        ({"GITHUB_REF": "refs/pull/7/head"}, False),
        ({"BUILD_SOURCEBRANCH": "refs/pull/7/merge"}, True),
        ({"CI_MERGE_REQUEST_EVENT_TYPE": "merged_result"}, True),
        ({"CI_MERGE_REQUEST_EVENT_TYPE": "detached"}, False),
    ],
)
def test_a_merge_that_only_tries_a_pull_request(environment: dict[str, str], merges: bool) -> None:
    assert ci.merges(environment) is merges
