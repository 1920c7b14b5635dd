"""Act: deliveries that go by pull request are pushed to their own branches, and the pull requests are opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from git_hotfix.backport import pull_request
from git_hotfix.backport.forge import Answer, Forge, Request
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import RefName, short
from git_hotfix.model.plan import Delivery, DeliveryStatus, Offer
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Remote
from git_hotfix.report.server_words import lines_about
from git_hotfix.runs.transport import Transport

Progress = Callable[[int, int], None]


def offer(
    transport: Transport,
    forge: Forge | None,
    remote: Remote | None,
    hotfix: Hotfix,
    deliveries: Sequence[Delivery],
    *,
    chunk: int,
    progress: Progress,
) -> tuple[Delivery, ...]:
    """Push every delivery that waits for a pull request, and open that: by the forge's program where there is one, else
    its page is named. What is there already is neither pushed nor opened again."""
    done = {each.target.ref: each for each in deliveries}
    waiting = [each for each in deliveries if each.offer and each.new]
    to_push = [each for each in waiting if each.offer and each.offer.held != each.new]
    for start in range(0, len(to_push), chunk):
        part = to_push[start : start + chunk]
        updates = [RefUpdate(each.offer.ref, each.offer.held, each.new) for each in part if each.offer]
        answer = transport.push(updates, atomic=False, tier=2)
        for each in part:
            assert each.offer
            result = answer.results[each.offer.ref]
            if result.status != "ok":
                lines = lines_about(answer.words, each.offer.ref, [item.ref for item in updates])
                words = ": ".join([result.reason, *lines[:1]]).removeprefix(": ")
                reason = f"{short(each.offer.ref)}: {words}".splitlines()[0][:200]
                done[each.target.ref] = _not_offered(each, reason, [(each.offer.ref, line) for line in lines])
    said = Answer()
    for number, each in enumerate(waiting, 1):
        if done[each.target.ref].offer and remote and each.offer:
            # A forge that is out of reach is not waited for once a branch.
            said = said if said.silent else _asked(forge, hotfix, each, each.offer)
            done[each.target.ref] = _told(remote, each, each.offer, said)
            progress(number, len(waiting))
    return tuple(done[each.target.ref] for each in deliveries)


def _not_offered(each: Delivery, reason: str, lines: Sequence[tuple[RefName, str]]) -> Delivery:
    """Neither way is open. `new` stays where the target itself was refused, for a human to push it elsewhere."""
    said = (*each.said, *lines)
    if each.refused:
        return replace(each, status="failed", offer=None, reason=f"{each.reason}; {reason}", said=said)
    status: DeliveryStatus = "conflict" if each.open else "failed"
    return replace(each, status=status, new=None, offer=None, reason=reason, said=said)


def _asked(forge: Forge | None, hotfix: Hotfix, each: Delivery, waiting: Offer) -> Answer:
    if forge is None:
        return Answer()
    branch = each.target.branch
    body = pull_request.delivery_text(hotfix, branch, conflicts=[conflict.path for conflict in each.open])
    return forge.opened(Request(short(waiting.ref), branch, pull_request.title(hotfix, branch), body, waiting.draft))


def _told(remote: Remote, each: Delivery, waiting: Offer, answer: Answer) -> Delivery:
    if answer.page:
        return replace(each, offer=replace(waiting, page=answer.page, opened=True))
    page = pull_request.url(remote.url, short(waiting.ref), each.target.branch) or ""
    reason = f"{each.reason}; {answer.reason}".strip("; ") if answer.reason else each.reason
    return replace(each, offer=replace(waiting, page=page), reason=reason)
