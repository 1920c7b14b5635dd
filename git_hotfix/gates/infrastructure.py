"""infrastructure: what builds, carries and stores the program is no place for an emergency."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate
from git_hotfix.model import patterns
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

_SOURCE = "the files that these tools read by themselves"


@frozen
class Options:
    """`[gates.infrastructure]`. Patterns of production files; taking the code back does not take these back."""

    ci: tuple[str, ...] = field(
        default=(
            "/.github/workflows/", "/.github/actions/", "/.gitlab-ci.yml", "/.gitlab-ci/", "/.gitlab/ci/",
            "/.circleci/", "/.travis.yml", "/.drone.yml", "/.woodpecker*", "/.buildkite/", "/.cirrus.yml",
            "/.semaphore/", "Jenkinsfile*", "azure-pipelines*.yml", "/.azure-pipelines/", "/bitbucket-pipelines.yml",
            "appveyor.yml", ".appveyor.yml", "cloudbuild.y*ml", "buildspec*.yml",
        ),
        metadata={"doc": "configuration of continuous integration", "source": _SOURCE},
    )  # fmt: skip
    containers: tuple[str, ...] = field(
        default=(
            "Dockerfile*", "*.Dockerfile", "Containerfile*", "docker-compose*.y*ml", "compose.y*ml", "compose.*.y*ml",
            "docker-bake.hcl",
        ),
        metadata={"doc": "how images are made and started", "source": _SOURCE},
    )  # fmt: skip
    clusters: tuple[str, ...] = field(
        default=(
            "kustomization.y*ml", "Chart.yaml", "helmfile*.y*ml", "**/charts/**/*.y*ml", "**/charts/**/*.tpl",
            "**/helm/**/*.y*ml", "**/k8s/**/*.y*ml", "**/kubernetes/**/*.y*ml",
        ),
        metadata={"doc": "Kubernetes and Helm", "source": _SOURCE},
    )  # fmt: skip
    provisioning: tuple[str, ...] = field(
        default=(
            "*.tf", "*.tfvars", "*.tf.json", "*.tofu", "terragrunt.hcl", "ansible.cfg", "**/ansible/**/*.y*ml",
            "**/roles/*/tasks/*.y*ml", "**/roles/*/handlers/*.y*ml", "playbook*.y*ml", "group_vars/", "host_vars/",
            "serverless.y*ml", "Pulumi*.yaml", "cdk.json",
        ),
        metadata={"doc": "Terraform, Ansible and their like", "source": _SOURCE},
    )  # fmt: skip
    migrations: tuple[str, ...] = field(
        default=("**/migrations/*", "**/migrations/*/*", "**/db/migrate/*", "**/alembic/versions/*",
                 "**/db/migration/*", "**/db/changelog/**", "V[0-9]*__*.sql"),
        metadata={"doc": "changes of a database's schema or data", "source": _SOURCE},
    )  # fmt: skip


_KINDS = (
    ("ci", "CI configuration"),
    ("containers", "container configuration"),
    ("clusters", "cluster configuration"),
    ("provisioning", "provisioning"),
    ("migrations", "database migration"),
)


def check(facts: Facts, options: Options) -> Judgement:
    """Find the production files that match one of the patterns; the first kind that matches names it."""
    kinds = [(what, patterns.paths(getattr(options, key))) for key, what in _KINDS]
    found = []
    for file in facts.production:
        what = next((what for what, matches in kinds if matches(file.path) or matches(file.old_path)), None)
        if what:
            hint = "reverting the code does not undo this: say how it is undone, or deliver it separately"
            found.append(Finding(what, path=file.path, hint=hint))
    return Judgement(counted(len(found), "file"), "0 files", tuple(found))


GATE = Gate("infrastructure", "infrastructure is unchanged", check, Options, severity="warn", order=62)
