"""GitHub Actions: what workflows and actions use.

The scope is "build": actions run with a repository's secrets, and what they build may be shipped, but production runs
without them. So a new one warns where a new package of the product would block. An action is known by its repository:
`actions/cache/save` is the same code of the same people as `actions/cache`.
"""

from __future__ import annotations

from typing import Any

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Dependency, Manifest, Reader, Unreadable, manifest_of


def read(path: str, content: bytes) -> Manifest:
    """Read a workflow, or the metadata of an action. GitHub compares owners and repositories without case."""
    from git_hotfix.dependencies.syntax import yaml_file

    document = yaml_file.load(content)
    found = _Actions()
    jobs = document.get("jobs")
    for job in jobs.values() if isinstance(jobs, dict) else ():
        if not isinstance(job, dict):
            raise Unreadable("a job is not a mapping")
        found.take_use(job.get("uses"))
        services = job.get("services")
        for holder in (job.get("container"), *(services.values() if isinstance(services, dict) else ())):
            found.take_image(holder.get("image") if isinstance(holder, dict) else holder)
        found.take_steps(job.get("steps"))
    runs = document.get("runs")
    if isinstance(runs, dict):
        found.take_steps(runs.get("steps"))
        image = runs.get("image")
        if isinstance(image, str) and image.startswith("docker://"):  # else a Dockerfile beside it
            found.take_image(image)
    return manifest_of(found.declared, dynamic=found.dynamic)


class _Actions:
    """The actions and images of one file."""

    def __init__(self) -> None:
        self.declared: list[Dependency] = []
        self.dynamic: set[str] = set()

    def take_steps(self, steps: Any) -> None:
        """Take a list of steps."""
        for step in steps if isinstance(steps, list) else ():
            if isinstance(step, dict):
                self.take_use(step.get("uses"))

    def take_use(self, text: Any) -> None:
        """Take `owner/repository[/path]@ref`, `./path` or `docker://image`."""
        from git_hotfix.dependencies.syntax.yaml_file import line_of

        if not isinstance(text, str):
            return
        line = line_of(text)
        if text.startswith("docker://"):
            self.take_image(text)
        elif text.startswith(("./", "../", "$/")):
            self.declared.append(Dependency(text, "", "path", "build", line, text))
        elif "${{" in text:
            self.dynamic.add(f"uses: {text}")
        else:
            action, at, ref = text.partition("@")
            parts = action.lower().split("/")
            if not at or len(parts) < 2 or not all(parts[:2]):
                raise Unreadable(f"line {line}: {text[:80]!r} is not an action")
            self.declared.append(Dependency("/".join(parts[:2]), ref, "registry", "build", line))

    def take_image(self, text: Any) -> None:
        """Take an image that a job or a step runs in."""
        import re
        from dataclasses import replace

        from git_hotfix.dependencies.ecosystems.docker.image import VARIABLE, parse
        from git_hotfix.dependencies.syntax.yaml_file import line_of

        if not isinstance(text, str) or not text:
            return
        # A tag may be computed, from a matrix say; a name that is stands for nobody knows what.
        compact = re.sub(r"\$\{\{[^{}]{0,500}\}\}", lambda match: "".join(match.group().split()), text)
        one = parse(compact, scope="build", line=line_of(text))
        if one is not None:
            self.declared.append(replace(one, ecosystem="docker"))
        elif re.search(VARIABLE, text):
            self.dynamic.add(f"image: {text}")
        else:
            raise Unreadable(f"line {line_of(text)}: {text[:80]!r} is not an image")


READER = Reader(
    "github_actions",
    manifests=(globs(".github/workflows/*.yml", ".github/workflows/*.yaml", "action.yml", "action.yaml"),),
    read=read,
    others=frozenset({"docker"}),
)
