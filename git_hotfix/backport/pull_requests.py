"""Deliveries that go by pull request, each on a branch of its own (`<offer-prefix><target>/<issue>`): which they are,
their branches, their push, and the page or the program that opens them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote, urlencode

from git_hotfix.backport.forge import Answer, Forge, Request, host_and_path
from git_hotfix.context import Context, Fix, Prepare
from git_hotfix.git import history, merge
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import BranchName, Oid, RefName, branch_ref, offer_branch, short
from git_hotfix.model.plan import Delivery, DeliveryStatus, Offer
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Remote, Snapshot
from git_hotfix.model.words import one_line
from git_hotfix.report.server_words import lines_about
from git_hotfix.runs.transport import Transport

_THEIRS = "by pull request, whose branch stays as somebody else made it"

Progress = Callable[[int, int], None]


def plan_offers(context: Context, fix: Fix, deliveries: Sequence[Delivery], prepare: Prepare) -> tuple[Delivery, ...]:
    """`deliveries`, those that the policy wants by pull request waiting for it; with --draft a conflict, too, whose
    pull request then holds the fix as it is, for the forge to show what conflicts.

    Without a remote there is nobody to ask.
    """
    snapshot = context.snapshot
    if snapshot.remote is None:
        return tuple(deliveries)
    wanted = [
        delivery for delivery in deliveries if delivery.target.deliver == "pull-request" and delivery.status == "merged"
    ]
    waiting = {delivery.target.ref: delivery for delivery in turn_into_offers(context, fix, wanted, prepare)}
    if context.options.drafts:
        waiting |= {
            delivery.target.ref: _draft_offer(context, fix, delivery) for delivery in deliveries if _may_draft(delivery)
        }
    return tuple(waiting.get(delivery.target.ref, delivery) for delivery in deliveries)


def _offer_branch(snapshot: Snapshot, fix: Fix, delivery: Delivery) -> BranchName:
    """The branch of a pull request: the one that stands there, whatever its prefix, else one with the first prefix."""
    names = [
        offer_branch(prefix, delivery.target.branch, fix.hotfix.issue)
        for prefix in snapshot.policy.backport.offer_prefixes
    ]
    return next((name for name in names if name in snapshot.refs.branches), names[0])


def turn_into_offers(context: Context, fix: Fix, deliveries: Sequence[Delivery], prepare: Prepare) -> list[Delivery]:
    """`deliveries` as pull requests. What is offered already stays the very commit while it still brings the fix, and
    while it holds somebody's further work."""
    snapshot = context.snapshot
    names = {delivery: _offer_branch(snapshot, fix, delivery) for delivery in deliveries}
    held = {delivery: snapshot.refs.branches.get(name) for delivery, name in names.items()}
    again = [(delivery, tip) for delivery, tip in held.items() if tip]
    merged = merge.merge_all(context.git, [(delivery.target.tip, tip) for delivery, tip in again])
    fits = {
        delivery
        for (delivery, _), result in zip(again, merged, strict=True)
        if result.clean and result.tree == delivery.tree
    }
    theirs = {
        delivery for delivery, tip in again if delivery not in fits and _is_theirs(context, fix, delivery, tip, prepare)
    }
    return [
        replace(
            delivery,
            status="pending",
            new=tip if delivery in fits or delivery in theirs else delivery.new,
            offer=Offer(branch_ref(names[delivery]), tip),
            reason=_THEIRS if delivery in theirs else delivery.reason if delivery.refused else "by pull request",
        )
        for delivery, tip in held.items()
    ]


def _is_theirs(context: Context, fix: Fix, delivery: Delivery, tip: Oid, prepare: Prepare) -> bool:
    """True when an offered branch holds anything but what a delivery of ours makes on the commit where it begins:
    somebody works on it. What nobody can make again, as a conflict solved by hand, is taken for theirs, unless the
    logbook says that it was offered as it is."""
    if any(offer.offered and offer.new == tip for offer in fix.hotfix.logbook.deliveries()):
        return False
    beyond = history.commits(context.git, tip, [delivery.target.tip, fix.source])
    if not beyond:
        return False
    if not beyond[0].parents:
        return True
    [made] = prepare(fix, [replace(delivery.target, tip=beyond[0].parents[0])])
    return made.tree != history.trees(context.git, [tip])[tip]


def _may_draft(delivery: Delivery) -> bool:
    """A pick that conflicts has no commit of its own: the fix's own would bring more along."""
    return delivery.status == "conflict" and delivery.target.deliver == "pull-request" and delivery.strategy == "merge"


def _draft_offer(context: Context, fix: Fix, delivery: Delivery) -> Delivery:
    snapshot = context.snapshot
    branch = _offer_branch(snapshot, fix, delivery)
    held = snapshot.refs.branches.get(branch)
    return replace(delivery, new=held or fix.source, offer=Offer(branch_ref(branch), held, draft=True))


def unneeded_offers(context: Context, fix: Fix, deliveries: Sequence[Delivery], prepare: Prepare) -> list[RefUpdate]:
    """The deletions of offered branches whose target needs them no more; one that holds somebody's further work, which
    the target has not, stays."""
    snapshot, served = context.snapshot, {}
    for delivery in deliveries:
        branch = _offer_branch(snapshot, fix, delivery)
        tip = snapshot.refs.branches.get(branch)
        if tip and delivery.status in ("merged", "already", "skipped", "not-affected"):
            now = snapshot.refs.branches.get(delivery.target.branch, delivery.target.tip)
            served[RefUpdate(branch_ref(branch), tip, None)] = (delivery, now, tip)
    merged = merge.merge_all(context.git, [(now, tip) for _, now, tip in served.values()])
    has = history.trees(context.git, [now for _, now, _ in served.values()])
    return [
        gone
        for (gone, (delivery, now, tip)), result in zip(served.items(), merged, strict=True)
        if (result.clean and result.tree == has[now]) or not _is_theirs(context, fix, delivery, tip, prepare)
    ]


def push_offers(transport: Transport, deliveries: Sequence[Delivery], *, chunk: int) -> tuple[Delivery, ...]:
    """Push the branch of every delivery that waits for a pull request; what is there already is not pushed again."""
    done = {delivery.target.ref: delivery for delivery in deliveries}
    to_push = [each for each in deliveries if each.offer and each.new and each.offer.held != each.new]
    for start in range(0, len(to_push), chunk):
        part = to_push[start : start + chunk]
        updates = [
            RefUpdate(delivery.offer.ref, delivery.offer.held, delivery.new) for delivery in part if delivery.offer
        ]
        answer = transport.push(updates, atomic=False, tier=2)
        for delivery in part:
            assert delivery.offer
            result = answer.results[delivery.offer.ref]
            if result.status != "ok":
                lines = lines_about(answer.words, delivery.offer.ref, [item.ref for item in updates])
                words = ": ".join([result.reason, *lines[:1]]).removeprefix(": ")
                reason = f"{short(delivery.offer.ref)}: {words}".splitlines()[0][:200]
                done[delivery.target.ref] = _fail_offer(
                    delivery, reason, [(delivery.offer.ref, line) for line in lines]
                )
    return tuple(done[delivery.target.ref] for delivery in deliveries)


def open_requests(
    forge: Forge | None, remote: Remote, hotfix: Hotfix, deliveries: Sequence[Delivery], progress: Progress
) -> tuple[Delivery, ...]:
    """Open the pull request of every branch that was pushed for one: by the forge's program where there is one, else
    its page is named. What is open already is not opened again."""
    done = {delivery.target.ref: delivery for delivery in deliveries}
    waiting = [(delivery, delivery.offer) for delivery in deliveries if delivery.offer and delivery.new]
    said = Answer()
    for number, (delivery, offer) in enumerate(waiting, 1):
        # A forge that is out of reach is not waited for once a branch.
        said = said if said.silent else _ask_forge(forge, hotfix, delivery, offer)
        done[delivery.target.ref] = _record_page(remote, delivery, offer, said)
        progress(number, len(waiting))
    return tuple(done[delivery.target.ref] for delivery in deliveries)


def _fail_offer(delivery: Delivery, reason: str, lines: Sequence[tuple[RefName, str]]) -> Delivery:
    """Neither way is open. `new` stays where the target itself was refused, for a human to push it elsewhere."""
    said = (*delivery.said, *lines)
    if delivery.refused:
        return replace(delivery, status="failed", offer=None, reason=f"{delivery.reason}; {reason}", said=said)
    status: DeliveryStatus = "conflict" if delivery.open else "failed"
    return replace(delivery, status=status, new=None, offer=None, reason=reason, said=said)


def _ask_forge(forge: Forge | None, hotfix: Hotfix, delivery: Delivery, waiting: Offer) -> Answer:
    if forge is None:
        return Answer()
    branch = delivery.target.branch
    body = delivery_text(hotfix, branch, conflicts=[conflict.path for conflict in delivery.open])
    return forge.open_request(Request(short(waiting.ref), branch, title(hotfix, branch), body, waiting.draft))


def _record_page(remote: Remote, delivery: Delivery, waiting: Offer, answer: Answer) -> Delivery:
    if answer.page:
        return replace(delivery, offer=replace(waiting, page=answer.page, opened=True))
    page = page_to_open(remote.url, short(waiting.ref), delivery.target.branch) or ""
    reason = f"{delivery.reason}; {answer.reason}".strip("; ") if answer.reason else delivery.reason
    return replace(delivery, offer=replace(waiting, page=page), reason=reason)


def page_to_open(remote: str, source: str, target: str) -> str | None:
    """The page that opens a pull request from `source` to `target`, for the forges whose pages are known; None for
    any other remote. No user name or password of the remote's URL is in it."""
    found = host_and_path(remote)
    if not found:
        return None
    host, path = found
    site = f"https://{host}/{quote(path)}"
    if "gitlab" in host:
        ends = {"merge_request[source_branch]": source, "merge_request[target_branch]": target}
        return f"{site}/-/merge_requests/new?{urlencode(ends)}"
    if "bitbucket" in host:
        return f"{site}/pull-requests/new?source={quote(source, safe='')}&dest={quote(target, safe='')}"
    if "github" in host:
        return f"{site}/compare/{quote(target)}...{quote(source)}?expand=1"
    return None


def release_page(remote: str, tag: str) -> str | None:
    """The page of the release of `tag`, for the forges whose pages are known; None for any other remote. Nobody is
    asked whether it is there."""
    found = host_and_path(remote)
    if not found:
        return None
    host, path = found
    site, name = f"https://{host}/{quote(path)}", quote(tag, safe="")
    if "gitlab" in host:
        return f"{site}/-/releases/{name}"
    if "github" in host:
        return f"{site}/releases/tag/{name}"
    return f"{site}/src/{name}" if "bitbucket" in host else None


def title(hotfix: Hotfix, target: BranchName | None = None) -> str:
    """The title of a pull request, which says where it goes unless that is production."""
    into = f" into {target}" if target else ""
    return one_line(f"Hotfix {hotfix.issue}{into}" + (f": {hotfix.title}" if hotfix.title else ""))


def delivery_text(hotfix: Hotfix, target: BranchName, *, conflicts: Sequence[str] = ()) -> str:
    """The body of the pull request that brings a fix to a target: it stands on production already.

    What a path or a name says is quoted as code: it mentions nobody and closes nothing.
    """
    rows = [
        f"Brings hotfix {_code(hotfix.issue)} (severity {hotfix.severity}, on {_code(hotfix.production)}) to "
        f"{_code(target)}, and nothing else.",
        "",
    ]
    if conflicts:
        rows += ["These files are in conflict:", *(f"- {_code(path)}" for path in conflicts), ""]
    rows.append(f"After it was merged: {_code(command_line('backport', hotfix.issue))}")
    return "\n".join(rows)


def _code(text: str) -> str:
    return f"`{one_line(text).replace('`', chr(39))}`"
