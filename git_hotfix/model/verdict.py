"""What the gates say: findings, one result a gate, one verdict."""

from __future__ import annotations

from typing import Literal

from git_hotfix.model.approvals import Approval, Waiver
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.names import Oid

Severity = Literal["block", "warn", "off"]
Status = Literal["pass", "warn", "fail", "waived", "off", "unknown"]
Level = Literal["fail", "warn", "note"]


@frozen
class Finding:
    """One thing a gate saw: what, where (path, 1-based line), what to do about it, and how grave it is: "fail" breaks
    the gate's rule, "warn" is worth a look, "note" only explains.

    `before_finish` is what has to come first where the branch may be pushed but production would refuse it.
    """

    message: str
    path: str | None = None
    line: int | None = None
    hint: str = ""
    level: Level = "fail"
    before_finish: str = ""


@frozen
class Judgement:
    """What a gate measured, before policy and waivers.

    `unread` are the files that it should have read and could not, each with the reason as its message: the gate
    `analysis` reports them.
    """

    measured: str = ""
    limit: str = ""
    findings: tuple[Finding, ...] = ()
    unread: tuple[Finding, ...] = ()

    @property
    def level(self) -> Literal["pass", "warn", "fail", "unknown"]:
        """The gravest finding; "unknown" where nothing failed but something could not be read."""
        levels = {finding.level for finding in self.findings}
        if "fail" in levels:
            return "fail"
        if self.unread:
            return "unknown"
        return "warn" if "warn" in levels else "pass"


@frozen
class GateResult:
    """A gate's judgement under the policy's severity and the hotfix's waivers."""

    id: str
    severity: Literal["block", "warn"]
    status: Status
    measured: str = ""
    limit: str = ""
    findings: tuple[Finding, ...] = ()
    waived_by: tuple[str, ...] = ()  # the waivers that let it pass


@frozen
class Verdict:
    """All gates together. `policy_commit` is the commit that the policy was read from, `policy_file` the file it stood
    in (None: the defaults). That is production's tip but where `policy_from` names another revision. `waivers` and
    `approvals` are all that were recorded, with whether they hold for this code."""

    gates: tuple[GateResult, ...] = field(default=())
    policy_commit: Oid | None = None
    policy_file: str | None = None
    policy_from: str | None = None
    waivers: tuple[Waiver, ...] = ()
    approvals: tuple[Approval, ...] = ()

    @property
    def passed(self) -> bool:
        """True when no gate refuses; what could not be judged refuses too."""
        return not any(gate.status in ("fail", "unknown") for gate in self.gates)

    @property
    def refusals(self) -> tuple[GateResult, ...]:
        """The gates that refuse."""
        return tuple(gate for gate in self.gates if gate.status in ("fail", "unknown"))

    @property
    def held_back(self) -> Finding | None:
        """What production would refuse though every gate lets the branch pass: the first of it in reading order."""
        found = (finding for gate in self.gates for finding in gate.findings if finding.before_finish)
        return next(found, None)
