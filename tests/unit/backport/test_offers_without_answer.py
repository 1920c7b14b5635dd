"""A forge that says nothing is waited for once, and a page that it names goes as far as a page can go."""

from __future__ import annotations

from pathlib import Path

from gate_facts import HOTFIX

from git_hotfix.backport import pull_requests
from git_hotfix.backport.forge import Answer, Forge, Request
from git_hotfix.model.names import Oid, RefName
from git_hotfix.model.plan import Delivery, Offer, Target
from git_hotfix.model.snapshot import Remote

TIP = Oid("1" * 40)
ORIGIN = Remote("origin", "https://github.com/acme/shop.git", ())


def waiting(branch: str) -> Delivery:
    """What is offered on the remote already: only its pull request is asked for."""
    target = Target(RefName(f"refs/heads/{branch}"), TIP, 2)
    offer = Offer(RefName(f"refs/heads/hotfix-to/{branch}/4711"), held=TIP)
    return Delivery(target, "merge", "pending", new=TIP, offer=offer, reason="by pull request")


def program(folder: Path, script: str, patience: float = 60) -> Forge:
    place = folder / "gh"
    place.write_text(f"#!/bin/sh\necho asked >> '{folder}/calls'\n{script}\n")
    place.chmod(0o755)
    return Forge(str(place), "gh", "github.com/acme/shop", patience)


def test_silence_is_waited_for_once(tmp_path: Path) -> None:
    forge = program(tmp_path, "exec sleep 600", patience=0.5)
    deliveries = [waiting("develop"), waiting("release/1.5"), waiting("release/1.6")]
    found = pull_requests.open_requests(forge, ORIGIN, HOTFIX, deliveries, lambda done, of: None)
    assert (tmp_path / "calls").read_text() == "asked\n"
    assert {each.reason for each in found} == {"by pull request; gh did not answer within 0.5 seconds"}
    assert [each.offer.page if each.offer else "" for each in found] == [
        f"https://github.com/acme/shop/compare/{each.target.branch}...hotfix-to/{each.target.branch}/4711?expand=1"
        for each in deliveries
    ]


def test_colours_are_no_part_of_a_page(tmp_path: Path) -> None:
    forge = program(tmp_path, '[ "$2" = list ] || printf "\\033[32mhttps://github.com/acme/shop/pull/1\\033[0m\\n"')
    found = forge.open_request(Request("hotfix-to/develop/4711", "develop", "Hotfix 4711", "It is there"))
    assert found == Answer("https://github.com/acme/shop/pull/1")
