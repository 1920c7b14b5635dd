"""The form of a hotfix: what only people know, asked once; every document takes its words from here.

A field is a row of `FIELDS`: nothing else is edited to add one, but for the template that shows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from git_hotfix.model.frozen import frozen
from git_hotfix.model.words import one_line

if TYPE_CHECKING:  # the policy asks for the names of the fields
    from git_hotfix.model.hotfix import Urgency
    from git_hotfix.model.policy import Policy

Step = Literal["finish", "close"]
"""What needs answers: `finish` (with `pr --create`), and `close`."""
Shape = Literal["text", "line", "list", "choice", "table", "duration"]
"""How an answer is read: paragraphs; one line; one item a line; one of `choices` and a reason behind it; one row a
line with its columns between `|`; a duration such as `30m`."""


@frozen
class Field:
    """One question of the form.

    `close` are the severities at which `git hotfix close` needs an answer, `finish` those at which `finish` and
    `pr --create` need it before; policy may change both. `choices` are the answers of a choice, `columns` the columns
    of a table, `limit` the longest answer in characters (0: none), `prefill` the fact that is proposed while nobody
    answered.
    """

    id: str
    question: str
    shape: Shape
    close: tuple[Urgency, ...] = ()
    finish: tuple[Urgency, ...] = ()
    choices: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    limit: int = 0
    prefill: str = ""


_P0: tuple[Urgency, ...] = ("P0",)
_P01: tuple[Urgency, ...] = ("P0", "P1")
_ALL: tuple[Urgency, ...] = ("P0", "P1", "P2")
ACTION_COLUMNS = ("what", "kind", "horizon", "owner", "due", "ticket", "state")
ACTION_KINDS = ("test", "monitor", "docs", "process", "prevent", "review", "mitigate")
HORIZONS = ("24h", "sprint", "quarter", "long")

FIELDS: tuple[Field, ...] = (
    Field("summary", "What is broken and what ends it, in two sentences?", "text", _ALL, _ALL, limit=300),
    Field("problem", "What happened, in detail?", "text", _P01),
    Field("symptoms", "What do people see? One a line", "list", (), _P01),
    Field("impact", "What does it do to production?", "text", _ALL, _ALL),
    Field("users", "How many users are affected, or what share of them?", "line", _P01, _ALL),
    Field("functionality", "Which functions or components are affected? One a line", "list", _P01, prefill="folders"),
    Field("business", "What does it cost the business?", "line", _P0),
    Field("data-impact", "Was any data lost or damaged? (none, or what)", "line", _P01),
    Field("hypothesis", "What was the first guess?", "line"),
    Field("root-cause", "Why did it break?", "text", _ALL),
    Field("whys", "Five whys, one a line", "list", _P01),
    Field("contributing", "What else helped it to happen? One a line", "list"),
    Field("solution", "What does the fix do, and why does that mend it?", "text", _ALL, _ALL, prefill="subjects"),
    Field("why-this", "Why this way?", "text"),
    Field("alternatives", "What else was possible? One a line", "list"),
    Field("temporary", "Is a proper fix still to come?", "choice", _P01, choices=("yes", "no")),
    Field("breaking", "What breaks for others, and how is that softened? (none, or yes and what)", "choice", (), _ALL,
          choices=("none", "yes"), prefill="breaking"),
    Field("risk", "How risky is the fix, and why?", "choice", _P01, _ALL, choices=("low", "medium", "high")),
    Field("security", "What does the fix mean for security?", "choice", _ALL,
          choices=("none", "better", "review-needed")),
    Field("scenarios", "How was it tried? steps | expected | actual, one row a line", "table",
          columns=("steps", "expected", "actual"), prefill="prove"),
    Field("window", "When may it go out?", "line"),
    Field("deploy-strategy", "How does it go out?", "choice", _P01,
          choices=("immediate", "rolling", "blue-green", "staged")),
    Field("deploy-steps", "How is it deployed? One step a line", "list", (), _P01, prefill="deploy"),
    Field("config-changes", "Which configuration changes with it? (none, or what)", "line", prefill="none"),
    Field("infra", "Which infrastructure does it need? (none, or what)", "line", prefill="none"),
    Field("third-party", "Who outside has to act? (none, or who)", "line", prefill="none"),
    Field("rollback", "How do we go back? One step a line", "list", _P01, _ALL, prefill="rollback"),
    Field("rollback-config", "How does the configuration go back? (none, or how)", "line",
          prefill="none"),
    Field("metrics", "Which figures are watched after deployment? One a line", "list", _P01, prefill="monitors"),
    Field("alerts", "Which alarms are watched? One a line", "list", _P01),
    Field("watch-for", "How long are they watched? (30m, 2h)", "duration", _P01, prefill="watched"),
    Field("communication", "Who is told what, and by whom?", "text"),
    Field("contact-on-call", "Who is on call? (a name or handle)", "line", _P0, prefill="config"),
    Field("contact-technical", "Who is the technical lead?", "line", _P0, prefill="config"),
    Field("contact-product", "Who is the product owner?", "line", _P0, prefill="config"),
    Field("contact-devops", "Who is the devops lead?", "line", _P0, prefill="config"),
    Field("justification", "Why can it not wait for the next release?", "line", _P01),
    Field("link-incident", "Where is the incident report?", "line"),
    Field("link-support", "Where are the support tickets? One a line", "list"),
    Field("link-pr", "Where is the pull request?", "line", prefill="pull-request"),
    Field("link-release", "Where is the release?", "line", prefill="release"),
    Field("link-dashboard", "Where is the dashboard?", "line"),
    Field("went-well", "What went well? One a line", "list", _P01),
    Field("went-badly", "What went badly? One a line", "list", _P01),
    Field("lucky", "Where were we lucky? One a line", "list"),
    Field("actions", "What is to be done later? " + " | ".join(ACTION_COLUMNS) + ", one row a line", "table", _P01,
          columns=ACTION_COLUMNS),
    Field("notes", "Anything else?", "text"),
)  # fmt: skip
BY_ID = {field.id: field for field in FIELDS}


def in_one_line(id: str, value: str) -> str:
    """An answer to the field `id` in one line, the items of a list and the rows of a table told apart."""
    field = BY_ID.get(id)
    return one_line("; ".join(value.split("\n")) if field and field.shape in ("list", "table") else value)


def required_fields(policy: Policy, severity: Urgency, step: Step) -> tuple[Field, ...]:
    """The fields that `step` needs an answer to at `severity`: as the form says, unless the policy says otherwise."""
    found = []
    for each in FIELDS:
        rule = policy.form.fields.get(each.id)
        own = getattr(rule, step) if rule else None
        if severity in (getattr(each, step) if own is None else own):
            found.append(each)
    return tuple(found)
