"""A deployment on GitHub, where the user's git configuration asks for one: whoever deploys learns that a tag is out."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from git_hotfix.backport.forge import Forge
from git_hotfix.context import Context
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Logbook
from git_hotfix.model.times import finish_of
from git_hotfix.notify.on_forge import Call, ForgeAnswer, ask_json, forge_at_once, refused


def ask_deployment(context: Context, hotfix: Hotfix, book: Logbook, environment: str) -> Call:
    """What asks for the deployment of the hotfix's tag."""
    forge = forge_at_once(context)
    if forge is None or forge.name != "gh":
        return refused("a deployment needs gh and a remote on GitHub")
    finish = finish_of(book)
    tag = finish.facts.get("Tag", "") if finish else ""
    if not tag:
        return refused("the hotfix has no tag")
    return lambda: create_deployment(forge, tag, environment, f"Hotfix {hotfix.issue}")


def create_deployment(forge: Forge, tag: str, environment: str, description: str) -> ForgeAnswer:
    """Ask GitHub to deploy `tag` to `environment`, unless somebody has.

    Without `auto_merge` false GitHub merges the default branch into what is deployed, and without an empty
    `required_contexts` it refuses while any check is pending (REST API, "Create a deployment").
    """
    host, path = forge.repository.split("/", 1)
    base, at = f"repos/{path}/deployments", f"--hostname={host}"
    there = ask_json(forge, ("api", f"{base}?{urlencode({'ref': tag, 'environment': environment})}", at))
    if not isinstance(there, list):
        why = there if isinstance(there, str) else f"{forge.name} answered something else"
        return ForgeAnswer("failed", f"not asked for: {why}")
    if there:
        return ForgeAnswer("sent", f"{tag} has a deployment already")
    order = {
        "ref": tag,
        "environment": environment,
        "description": description,
        "auto_merge": False,
        "required_contexts": [],
    }
    answer = forge.ask("api", base, at, "--method=POST", "--input=-", given=json.dumps(order))
    if answer.silent:
        return ForgeAnswer("unknown", "nobody knows whether the deployment was asked for")
    return (
        ForgeAnswer("failed", f"not asked for: {answer.reason}") if answer.reason else ForgeAnswer("sent", "asked for")
    )
