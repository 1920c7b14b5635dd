"""The boxes that a hotfix ticks: each is open, done or not applicable, and done only where something proves it.

A box is a row of `BOXES`; a team adds its own with `[boxes.<id>]` of the policy.
"""

from __future__ import annotations

from typing import Literal

from git_hotfix.model.frozen import frozen

State = Literal["open", "done", "na"]


@frozen
class Box:
    """One box.

    `proof` names what makes it done without anybody saying so: words such as `gate:secret`, `run:smoke`,
    `event:verified`, `approval:Security`, `field:rollback`, `monitor:errors`, of which all have to hold; ` | ` stands
    between alternatives, and an empty one is done only when somebody says so. `confirm` says that a person may say so
    where nothing proves it. `lapses`: about code, so it holds only for the tree that it was said of. `without` is the
    fact that makes it not applicable (`migrations`, `configuration`); `na` says that a person may say that it is. `by`
    is who alone may say it: `author`, or `other` than the author.
    """

    id: str
    text: str
    proof: str = ""
    confirm: bool = True
    lapses: bool = False
    na: bool = True
    without: str = ""
    by: Literal["", "author", "other"] = ""


_MINIMAL = "gate:max-files gate:max-lines gate:new-module gate:format-churn"
_SAFE = "gate:secret gate:dependency-source gate:new-dependency"

BOXES: tuple[Box, ...] = (
    Box("reproduced", "The fault was reproduced", "prove:red", lapses=True),
    Box("fixed", "The fix was seen to end the fault", "prove:green", lapses=True),
    Box("fixed-staging", "The fix was seen on staging", "event:staging run:smoke", lapses=True),
    Box("fixed-live", "The fault is gone in production", "event:verified"),
    Box("tests-changed", "A test of the fix was added or changed", "changed:tests", lapses=True),
    Box("tests-pass", "Every test run that policy requires has passed", "runs:required", lapses=True, na=False),
    Box("smoke", "Smoke tests passed before finish", "run:smoke", lapses=True),
    Box("smoke-live", "Smoke tests passed after deployment", "live:smoke"),
    Box("regression", "Regression tests passed", "run:regression", lapses=True),
    Box("performance", "Performance was tested", "run:performance", lapses=True),
    Box("integration", "Integration tests passed", "run:integration", lapses=True),
    Box("unit", "Unit tests passed", "run:unit", lapses=True),
    Box("suite", "The whole test suite passed", "run:suite", lapses=True),
    Box("manual", "The fix was tried by hand", lapses=True),
    Box("manual-staging", "The fix was tried by hand on staging", lapses=True),
    Box("original-scenario", "What failed works now", "prove:green", lapses=True),
    Box("primary-workflow", "The main way through the product works", lapses=True),
    Box("core", "The core features work", "run:regression", lapses=True),
    Box("related", "What stands beside the fix works", lapses=True),
    Box("acceptance", "Somebody who needs it has accepted it", lapses=True),
    Box("data-integrity", "The data is whole", lapses=True),
    Box("minimal", "The fix is small and does one thing", _MINIMAL, lapses=True, na=False),
    Box("no-new-dependency", "No dependency is new", "gate:new-dependency", lapses=True, na=False),
    Box("type-hints", "Changed functions have type hints", "gate:type-hints", lapses=True),
    Box("logging", "The fix logs what it does", "gate:logging", lapses=True),
    Box("style", "The code follows the project's style", "run:lint", lapses=True),
    Box("commented", "The code says why", lapses=True),
    Box("error-handling", "Errors are handled", lapses=True),
    Box("self-review", "The author read the change again", lapses=True, by="author"),
    Box("reviewed", "Somebody else read the code and agreed", "approval:", lapses=True, confirm=False, na=False),
    Box("review-senior", "A senior developer agreed", "approval:Senior Developer", lapses=True, confirm=False),
    Box("review-architecture", "Architecture was reviewed", "approval:Architecture", lapses=True, confirm=False),
    Box("review-security", "Security was reviewed", "approval:Security", lapses=True, confirm=False),
    Box("review-performance", "Performance was reviewed", "approval:Performance", lapses=True, confirm=False),
    Box("approve-technical", "The technical lead agreed", "approval:Technical Lead", lapses=True, confirm=False),
    Box("approve-devops", "The devops lead agreed", "approval:DevOps Lead", lapses=True, confirm=False),
    Box("approve-product", "The product owner agreed", "approval:Product Owner", lapses=True, confirm=False),
    Box("approve-security", "The security team agreed", "approval:Security", lapses=True, confirm=False),
    Box("approve-engineering", "The engineering lead agreed", "approval:Engineering Lead", lapses=True, confirm=False),
    Box("approve-sre", "The SRE lead agreed", "approval:SRE Lead", lapses=True, confirm=False),
    Box("approvals", "Every approval that policy requires is there", "approvals:required", confirm=False, na=False),
    Box("approvers-asked", "Those who approve were asked", "asked:"),
    Box("rollback-plan", "The way back is prepared", "field:rollback gate:rollback", confirm=False),
    Box("rollback-db", "The database can go back", "gate:rollback", without="migrations"),
    Box("rollback-config", "The configuration can go back", "field:rollback-config", without="configuration"),
    Box("db-procedures", "Stored procedures were changed or added", without="migrations"),
    Box("db-schema", "The schema was changed", without="migrations"),
    Box("db-data", "Data was migrated", without="migrations"),
    Box("db-tested", "The change of the database was tested", "run:db", without="migrations"),
    Box("db-ready", "The database scripts are ready", without="migrations"),
    Box("db-live", "The database is whole after deployment", without="migrations"),
    Box("config", "Configuration changes are written down", "field:config-changes", without="configuration"),
    Box("infra", "Infrastructure needs are known", "field:infra", without="configuration"),
    Box("third-party", "Those outside who have to act are told", "field:third-party"),
    Box("window", "The window is agreed", "field:window"),
    Box("deploy-plan", "The deployment is written down", "field:deploy-steps"),
    Box("watch-plan", "What is watched after deployment is written down", "field:metrics"),
    Box("description-complete", "No required answer is missing", "form:complete", confirm=False, na=False),
    Box("no-conflicts", "The merge to production has no conflict", "merge:clean", confirm=False, na=False),
    Box("data-protection", "Secrets and private data are safe", _SAFE, lapses=True),
    Box("security-tested", "Security was tested", _SAFE, lapses=True),
    Box("told-business", "Business stakeholders were told"),
    Box("told-technical", "The technical team was told"),
    Box("told-support", "Support was told"),
    Box("told-users", "Users were told"),
    Box("stakeholders", "Everybody who has to know was told",
        "box:told-business box:told-technical box:told-support box:told-users"),
    Box("communication", "The communication plan was carried out", "field:communication box:stakeholders"),
    Box("standby", "The team stands by"),
    Box("deployed", "The fix runs in production", "run:deploy | event:deployed", confirm=False),
    Box("healthy", "The application is healthy", "monitor:"),
    Box("integration-live", "What is connected to it works"),
    Box("user-verified", "The way of a user was tried in production"),
    Box("canary", "It went to a part of the users first", "choice:deploy-strategy=staged monitor:"),
    Box("monitoring", "Production was watched after deployment", "monitor:"),
    Box("watch-errors", "The rate of errors was watched", "monitor:errors"),
    Box("watch-performance", "Performance was watched", "monitor:performance"),
    Box("watch-feedback", "What users say was watched", "monitor:feedback"),
    Box("watch-business", "Business figures were watched", "monitor:business"),
    Box("stable", "Production is stable", "monitor:"),
    Box("alerts-clean", "No alarm speaks of the fix", "monitor:alerts"),
    Box("users-satisfied", "Users say that it works"),
    Box("actions-owned", "Every action has an owner and a due date", "actions:owned", confirm=False),
    Box("root-cause-analysed", "The cause is written down", "field:root-cause", confirm=False),
    Box("post-mortem", "The post-mortem is on develop or production", "post-mortem:", confirm=False),
)  # fmt: skip
BY_ID = {box.id: box for box in BOXES}
