"""infrastructure: what builds, carries and stores the program, and what only has such a name."""

from __future__ import annotations

import pytest
from gate_facts import change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.infrastructure import Options, check
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

HINT = "reverting the code does not undo this: say how it is undone, or deliver it separately"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (".github/workflows/release.yml", "CI configuration"),
        (".gitlab-ci.yml", "CI configuration"),
        ("ci/Jenkinsfile.release", "CI configuration"),
        ("Dockerfile", "container configuration"),
        ("web/Dockerfile.prod", "container configuration"),
        ("docker-compose.override.yml", "container configuration"),
        ("deploy/k8s/web/deployment.yaml", "cluster configuration"),
        ("charts/web/templates/deployment.yaml", "cluster configuration"),
        ("charts/web/Chart.yaml", "cluster configuration"),
        ("infra/main.tf", "provisioning"),
        ("infra/prod.tfvars", "provisioning"),
        ("ansible/site.yml", "provisioning"),
        ("roles/web/tasks/main.yml", "provisioning"),
        ("shop/migrations/0007_price.py", "database migration"),
        ("prisma/migrations/20240101_x/migration.sql", "database migration"),
        ("db/migrate/20240101_x.rb", "database migration"),
        ("alembic/versions/1a2b_x.py", "database migration"),
        ("src/main/resources/db/migration/V2__x.sql", "database migration"),
        ("migrations/caf\udce9 x\n.py", "database migration"),
    ],
)
@pytest.mark.parametrize("status", ["A", "M", "D"])
def test_infrastructure(path: str, kind: str, status: str) -> None:
    judgement = Judgement("1 file", "0 files", (Finding(kind, path=path, hint=HINT),))
    assert check(facts(change(path, status)), Options()) == judgement


@pytest.mark.parametrize(
    "path",
    [
        "src/a.py", "docs/docker-compose.yml", "tests/Dockerfile", "examples/.github/workflows/x.yml",
        "src/charts/Bar.tsx", "internal/kubernetes/client.go", "vendor/x/main.tf", "src/migrations.py", "helm.py",
        "compose.py", "src/roles/admin.yml",
    ],
)  # fmt: skip
def test_what_only_has_such_a_name(path: str) -> None:
    assert check(facts(change(path)), Options()) == Judgement("0 files", "0 files")


def test_a_file_that_was_moved_away_counts() -> None:
    moved = change("old/main.txt.in", "R", old="infra/main.tf")
    assert [each.path for each in check(facts(moved), Options()).findings] == ["old/main.txt.in"]


def test_it_warns_and_a_team_may_block_or_choose() -> None:
    given = change("main.tf")
    assert judge(facts(given), only=["infrastructure"]).gates[0].status == "warn"
    blocking = Policy(gates={"infrastructure": GatePolicy("block", (), Options())})
    assert judge(facts(given, policy=blocking), only=["infrastructure"]).gates[0].status == "fail"
    assert judge(waived(facts(given, policy=blocking), "infrastructure"), only=["infrastructure"]).passed
    chosen = Policy(gates={"infrastructure": GatePolicy("warn", (), Options(provisioning=()))})
    assert judge(facts(given, policy=chosen), only=["infrastructure"]).gates[0].status == "pass"
