"""The push gate and the ways to the team's repository: it is known by where it leads, whatever it is called."""

from __future__ import annotations

import pytest
from building import FIX, Project
from proofs import rest_slow
from test_verify_push import goes, push, refused

# The fixture is found by its name.
from test_verify_push import gated as gated  # isort: skip

WAYS = {
    "a second remote": ("again", {"remote.again.url": "{url}"}),
    "a second remote with a pushurl": ("again", {"remote.again.url": "/nowhere", "remote.again.pushurl": "{url}"}),
    "another spelling": ("again", {"remote.again.url": "file://{url}/"}),
    "a relative path": ("again", {"remote.again.url": "../remote"}),
    "insteadOf": ("again", {"remote.again.url": "short:remote.git", "url.{root}/.insteadOf": "short:"}),
    "pushInsteadOf": ("again", {"remote.again.url": "gone:x", "url.{url}.pushInsteadOf": "gone:x"}),
    "a URL typed in full": ("{url}", {}),
    "a short URL typed": ("gone:x", {"url.{url}.pushInsteadOf": "gone:x"}),
}


@pytest.mark.parametrize("way", rest_slow(list(WAYS), now=1))
def test_production_is_guarded_on_every_way_to_the_remote(gated: Project, way: str) -> None:
    name, settings = WAYS[way]
    places = {"url": str(gated.remote.path), "root": str(gated.root)}
    for key, value in settings.items():
        gated.clone.git("config", key.format(**places), value.format(**places))
    before = gated.remote.refs()
    answer = push(gated.clone, "hotfix/4711:main", to=name.format(**places))
    assert (answer.code, gated.remote.refs()) == (1, before)
    assert "fail tag: main receives hotfix/4711 without its tag" in answer.err


@pytest.mark.slow
def test_a_fork_is_free_by_name_and_by_url(gated: Project) -> None:
    fork = gated.another_clone("fork.git", "--bare", "--no-tags")
    gated.clone.git("remote", "add", "fork", str(fork.path))
    for place in ("fork", fork.path.as_uri()):
        assert push(gated.clone, "--force", "hotfix/4711:main", to=place).code == 0
        assert push(gated.clone, "--force", "v1.4.1^0:refs/heads/main", to=place).code == 0


@pytest.mark.slow
def test_a_wrong_production_setting_does_not_switch_the_gate_off(gated: Project) -> None:
    gated.clone.git("config", "hotfix.production", "mian")
    said = refused(gated, "tag", "main receives hotfix/4711 without its tag", "hotfix/4711:main")
    assert said.startswith(
        "git hotfix: hotfix.production names 'mian', which is not a branch on origin: this push is judged with main as "
        "production\n  → git config hotfix.production main\n"
    )


@pytest.mark.slow
def test_a_wrong_production_setting_lets_what_is_right_through(gated: Project) -> None:
    clone = gated.clone
    clone.git("config", "hotfix.production", "mian")
    clone.git("branch", "-q", "mian")  # it stands here, and not where releases come from
    clone.git("switch", "-q", "main")
    clone.commit("work", {"work.txt": "work\n"})
    answer = push(clone, "main", "hotfix/4711")
    assert (answer.code, answer.err.count("names 'mian'")) == (0, 1)
    clone.git("config", "hotfix.production", "main")
    goes(gated, "develop")


@pytest.mark.slow
def test_main_is_nobodys_business_where_production_is_another_branch(gated: Project) -> None:
    clone = gated.clone
    clone.git("push", "-q", "origin", "v1.4.2^0:refs/heads/production")
    clone.git("config", "hotfix.production", "production")
    assert clone.hotfix("start", "9").code == 0
    clone.commit("fix 9", {"app.py": FIX})
    refused(gated, "tag", "production receives hotfix/9 without its tag", "hotfix/9:production")
    goes(gated, "hotfix/9:main")


@pytest.mark.slow
@pytest.mark.parametrize("name", rest_slow(["Hotfix/5", "HOTFIX/5", "FIX-5"], now=1))
def test_capitals_are_the_same_branch_where_the_file_system_folds_them(gated: Project, name: str) -> None:
    clone = gated.clone
    clone.git("config", "hotfix.prefix", "fix-")
    clone.git("switch", "-q", "-c", name, "v1.4.2")
    clone.commit("fix 5", {"app.py": FIX + "".join(f"more_{number} = {number}\n" for number in range(400))})
    clone.git("config", "core.ignoreCase", "true")
    refused(gated, "max-lines", "402 production lines changed", name)
    clone.git("config", "core.ignoreCase", "false")
    goes(gated, name)
