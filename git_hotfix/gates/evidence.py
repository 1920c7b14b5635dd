"""evidence: the runs that the policy asks for have passed on the code as it is."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.policy import Policy
from git_hotfix.model.recorded_evidence import Evidence, last_run, read_evidence
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

_ENDS = {
    "failed": "failed on this code",
    "timed-out": "did not end in time on this code",
    "interrupted": "was interrupted on this code",
    "running": "has begun on this code, and its end is not recorded",
}


@frozen
class Options:
    """`[gates.evidence]`: which runs production waits for."""

    require: tuple[str, ...] = field(
        default=(),
        metadata={
            "doc": "runs (`git hotfix run NAME`) that must have passed on the code as it is",
            "source": "playbook, 5.1: which tests are the smoke tests, a team knows",
        },
    )


def required_runs(policy: Policy) -> tuple[str, ...]:
    """The runs that `policy` wants; none where it turns the gate off."""
    mine = policy.gates.get("evidence")
    if mine is None or mine.severity == "off" or not isinstance(mine.options, Options):
        return ()
    return mine.options.require


def check(facts: Facts, options: Options) -> Judgement:
    """Look for the last run of each required name on this very tree. Production waits for them; before that it is only
    said."""
    names, hotfix = tuple(dict.fromkeys(options.require)), facts.hotfix
    limit = counted(len(names), "required run")
    if not names:
        return Judgement("nothing required", limit)
    evidence = read_evidence(hotfix.logbook)
    lacking = {name: last for name in names if not _passed(last := last_run(evidence, name, hotfix.tip_tree))}
    findings = []
    for name, last in lacking.items():
        hint = command_line("run", name)
        message = f"{name} {_says(evidence, name, last)}"
        if facts.at_production:
            findings.append(Finding(message, hint=hint))
        else:
            findings.append(Finding(message, hint=hint, level="warn", before_finish=hint))
    return Judgement(f"{len(names) - len(lacking)} passed", limit, tuple(findings))


def _passed(last: Evidence | None) -> bool:
    return last is not None and last.passed


def _says(evidence: tuple[Evidence, ...], name: str, last: Evidence | None) -> str:
    if last is not None:
        return _ENDS.get(last.state, f"ended as {last.state} on this code")
    runs = [one for one in evidence if one.kind == "run" and one.name == name]
    if not runs:
        return "was never run"
    if runs[-1].uncounted:
        return f"was run, but {runs[-1].uncounted}"
    return "was run on older code only"


GATE = Gate("evidence", "required runs passed on this very code", check, Options, order=87)
