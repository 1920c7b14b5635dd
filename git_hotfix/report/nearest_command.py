"""Which command somebody meant who typed another word: by its meaning, else by its letters."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

# What people of other tools type (git, git-flow, jj, gh, and plain English) → what does that here.
_MEANINGS: Mapping[str, tuple[str, ...]] = {
    "abort cancel quit stop": (
        "close the open conflicts: git hotfix backport --abort",
        "give the hotfix up: git hotfix abandon",
    ),
    "delete remove rm drop discard kill": ("give the hotfix up: git hotfix abandon",),
    "new create begin open branch checkout switch feature fix": ("start a hotfix: git hotfix start <issue>",),
    "continue resume go proceed retry": (
        "after a conflict was solved: git hotfix backport --continue",
        "after an interrupted finish: git hotfix finish",
    ),
    "resolve solve conflict conflicts mergetool": ("open a conflict: git hotfix backport --resolve <branch>",),
    "skip": ("leave a branch out: git hotfix backport --skip <branch> --reason <text>",),
    "merge deliver propagate forward port pick cherry-pick sync apply backmerge": (
        "bring a finished hotfix to its branches: git hotfix backport",
    ),
    "release publish ship deploy tag push land done complete end": ("release the hotfix: git hotfix finish",),
    "plan preview dry-run simulate": ("see what would be pushed: git hotfix finish --dry-run",),
    "validate lint gate gates judge": ("run the gates: git hotfix check",),
    "show info st where state view describe": ("see where a hotfix stands: git hotfix status",),
    "tick box event ack acknowledge detected mitigated verified resolved": (
        "state when it was, or tick a box: git hotfix mark <name>",
    ),
    "attest tampered integrity proof": ("whether a release is what its record says: git hotfix verify <tag>",),
    "history record logbook journal strike": ("what was recorded of a hotfix: git hotfix log",),
    "pull-request mr merge-request": ("the text of the pull request: git hotfix pr",),
    "post-mortem retrospective retro lessons": ("write the post-mortem: git hotfix postmortem",),
    "tell announce message": ("who was told of a hotfix: git hotfix notify",),
    "ls all branches hotfixes": ("list the open hotfixes: git hotfix list",),
    "revert back reverse": (
        "a new hotfix that reverts a bad one: git hotfix rollback",
        "take the last finish or backport of this clone back: git hotfix undo",
    ),
    "reset restore unfinish": ("take the last finish or backport of this clone back: git hotfix undo",),
    "override exception exempt except ignore allow bypass permit waiver": (
        "pass a gate, with the reason on record: git hotfix waive <gate> --reason <text>",
    ),
    "review sign signoff sign-off accept lgtm agree approval": ("agree to a hotfix: git hotfix approve",),
    "rebase replay refresh pull upgrade": ("replay a hotfix on a newer production tag: git hotfix update",),
    "install uninstall hook protect pre-push": ("install the pre-push hook: git hotfix hooks install",),
    "setup config configure configuration policy settings": ("write a policy: git hotfix init",),
    "diagnose debug health": ("see what is wrong with this clone: git hotfix doctor",),
    "tutorial try example play": ("play the whole flow in a throw-away repository: git hotfix demo",),
    "completions": ("print completion for a shell: git hotfix completion <shell>",),
}
_ALIKE = 0.7  # of difflib's ratio: `finsh` is finish, `about` is nothing


def nearest_commands(word: str, names: Sequence[str]) -> tuple[str, ...]:
    """What to run instead of `word`, a line each, the likeliest first; `names` are the commands that there are."""
    word = word.lower().lstrip("-")
    by_letters = difflib.get_close_matches(word, names, n=1, cutoff=_ALIKE)
    by_meaning = next((lines for words, lines in _MEANINGS.items() if word in words.split()), ())
    found = by_meaning or tuple(f"git hotfix {name}" for name in by_letters)
    return found or ("git hotfix -h",)
