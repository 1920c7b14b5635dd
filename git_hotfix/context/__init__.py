"""What every command works with: one value of repository, git, what was seen and what was asked for; and the fix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from git_hotfix.git import commits
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import NOBODY, Identity
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import Oid
from git_hotfix.model.plan import Delivery, Target
from git_hotfix.model.policy import Messages
from git_hotfix.report.streams import Streams
from git_hotfix.snapshot import Clone

if TYPE_CHECKING:
    from git_hotfix.runs.intents import Intent


@frozen
class DeliveryOptions:
    """How a command delivers, as its options say: whether merges into features are signed, conflicts that were solved
    before are solved alike (`--no-rerere` says no), the report is told what became of every hunk (`--show`), and a
    conflict goes into a draft pull request where its target takes these (`--draft`)."""

    sign_features: bool = False
    remembered: bool = True
    shown: bool = False
    drafts: bool = False


@frozen
class Context(Clone):
    """What every command works with: a clone that was looked at, and how the command goes on.

    `dry` says that no commit is made and nothing may stay. `resumed`: an earlier
    run for the same hotfix was killed before its end; `carried` is what killed runs of other commands had begun, and is
    done now; `alive` are the gits that killed runs had started, and that did not end.
    """

    streams: Streams
    dry: bool
    options: DeliveryOptions = DeliveryOptions()
    resumed: bool = False
    carried: tuple[Intent, ...] = ()
    alive: tuple[int, ...] = ()

    @property
    def who(self) -> Identity:
        """Whose name commits bear; nobody's in a dry run, which keeps none."""
        return NOBODY if self.dry else self.repository.identity

    @property
    def messages(self) -> Messages:
        """The team's templates."""
        return self.snapshot.policy.messages

    def signs(self, target: Target) -> bool:
        """True when the merge into `target` is signed: as `commit.gpgSign` says, for features only when asked."""
        return self.repository.flag("commit.gpgSign") and (target.tier < 3 or self.options.sign_features)


@frozen
class Fix:
    """What is delivered: the commits between `base` and `source` (the hotfix tip, or its tag's commit). `tagged` is the
    commit of its tag: who holds that has the fix, whatever way it went to production."""

    hotfix: Hotfix
    base: Oid
    source: Oid
    tagged: Oid | None = None


Prepare = Callable[[Fix, Sequence[Target]], tuple[Delivery, ...]]
"""Makes deliveries of a fix; the command knows with what."""


def write(context: Context, drafts: Sequence[tuple[Target, Draft]]) -> list[Oid]:
    """Write all drafts: the unsigned ones in one process, each signed one by itself (fast-import cannot sign)."""
    plain = [draft for target, draft in drafts if not context.signs(target)]
    written = iter(commits.write(context.git, plain, context.who))
    return [
        commits.write_signed(context.repository, draft) if context.signs(target) else next(written)
        for target, draft in drafts
    ]
