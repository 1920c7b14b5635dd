"""Which answers finish and close need: by the form's own table, or by the policy."""

from __future__ import annotations

from git_hotfix.model.form import required_fields
from git_hotfix.model.policy import FormField, FormRules, Policy
from git_hotfix.policy.parse import OWN_FILE, read_policy


def test_the_form_says_what_is_required_at_which_severity() -> None:
    needed = {
        (severity, step): [field.id for field in required_fields(Policy(), severity, step)]
        for severity in ("P0", "P1", "P2")
        for step in ("finish", "close")
    }
    assert needed["P2", "finish"] == ["summary", "impact", "users", "solution", "breaking", "risk", "rollback"]
    assert needed["P1", "finish"] == needed["P0", "finish"]
    assert {*needed["P1", "finish"]} - {*needed["P2", "finish"]} == {"symptoms", "deploy-steps"}
    assert needed["P2", "close"] == ["summary", "impact", "root-cause", "solution", "security"]
    assert {*needed["P0", "close"]} - {*needed["P1", "close"]} == {
        "business", "contact-on-call", "contact-technical", "contact-product", "contact-devops",
    }  # fmt: skip


def test_the_policy_changes_one_field_at_one_step() -> None:
    rules = FormRules(fields={"impact": FormField(finish=()), "notes": FormField(close=("P2",))})
    policy = Policy(form=rules)
    assert "impact" not in [field.id for field in required_fields(policy, "P0", "finish")]
    assert "impact" in [field.id for field in required_fields(policy, "P0", "close")]
    assert "notes" in [field.id for field in required_fields(policy, "P2", "close")]
    assert "notes" not in [field.id for field in required_fields(policy, "P0", "close")]


def test_a_policy_that_names_no_field_or_severity_is_told_the_right_one() -> None:
    text = """\
[form]
refuse = true
[form.fields.impact]
finish = []
close = ["P0", "P1"]
[form.fields.root_cause]
close = ["P0"]
[form.fields.users]
close = ["P3"]
"""
    policy, problems, _ = read_policy({OWN_FILE: text.encode()}, gates={}, version="1.0")
    assert policy == Policy(
        form=FormRules(refuse=True, fields={"impact": FormField(finish=(), close=("P0", "P1")), "users": FormField()})
    )
    assert [(problem.message, problem.fatal) for problem in problems] == [
        (".git-hotfix.toml:6: form.fields.root_cause: unknown name; did you mean root-cause?", False),
        (
            '.git-hotfix.toml:9: form.fields.users.close: expected severities: P0, P1, P2, found ["P3"]; the default '
            "holds",
            True,
        ),
    ]
