"""Who is told what: the channels of the user's git configuration, `hotfix.notify.<name>.*`."""

from __future__ import annotations

import re
from typing import Literal

from git_hotfix.git.repository import Repository
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Urgency

Occasion = Literal["start", "finish", "rollback", "close"]
OCCASIONS: tuple[Occasion, ...] = ("start", "finish", "rollback", "close")
COMMENT = "comment"
"""The name of the channel that is one comment on the issue; `hotfix.notify.comment.on` turns it on."""
DEPLOYMENT = "deployment"
"""The name of the channel that asks GitHub for a deployment of the tag; `hotfix.notify.deployment` names where to."""
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


@frozen
class Channel:
    """One channel: its name in the configuration, its address, the occasions on which it is told and the least severity
    that it wants to hear of. The address holds tokens: nothing shows it, and `repr` does not either. `environment` is
    where a deployment goes."""

    name: str
    url: str = field(default="", repr=False)
    on: tuple[Occasion, ...] = OCCASIONS
    least: Urgency = "P2"
    environment: str = ""

    def wants(self, occasion: Occasion, severity: Urgency) -> bool:
        """True where this channel is told of `occasion` of a hotfix of `severity` (P0 is the gravest)."""
        return occasion in self.on and severity <= self.least

    @property
    def on_forge(self) -> bool:
        """True where gh or glab tells, and not Apprise."""
        return self.name in (COMMENT, DEPLOYMENT)

    @property
    def shown(self) -> str:
        """How the channel is named to people: the configuration's name and the scheme."""
        found = _URL.match(self.url)
        scheme = found[1].lower() if found and len(found[1]) <= _LONGEST_SCHEME else ""
        return f"{self.name} ({scheme})" if scheme else self.name


_LONGEST_SCHEME = 20  # a token without a scheme, up to a colon in it, would be longer than any of Apprise's


def read_channels(repository: Repository) -> tuple[tuple[Channel, ...], tuple[str, ...]]:
    """The channels in the order of their names, and what is wrong with the settings, without addresses."""
    found: dict[str, dict[str, str]] = {}
    for key, values in repository.config.items():
        if key.startswith("hotfix.notify.") and key.count(".") >= 3:
            name, _, setting = key.removeprefix("hotfix.notify.").rpartition(".")
            found.setdefault(name, {})[setting] = values[-1]
    channels, problems = [], []
    for name, settings in sorted(found.items()):
        channel, wrong = _read(name, settings)
        problems += [f"hotfix.notify.{name}.{why}" for why in wrong]
        if channel:
            channels.append(channel)
    if environment := (repository.setting("hotfix.notify.deployment") or "").strip():
        channels.append(Channel(DEPLOYMENT, on=("finish",), environment=environment))
    return tuple(channels), tuple(problems)


def _read(name: str, settings: dict[str, str]) -> tuple[Channel | None, list[str]]:
    """One channel, and what is wrong with it. No value is repeated: an address may stand under the wrong key."""
    wrong = []
    given = settings.get("on", " ".join(OCCASIONS)).replace(",", " ").split()
    on = tuple(each for each in OCCASIONS if each in given)
    if any(each not in OCCASIONS for each in given):
        wrong.append(f"on: expected words of {', '.join(OCCASIONS)}")
    least: Urgency = "P2"
    severity = settings.get("min-severity", settings.get("minseverity", "P2")).upper()
    if severity in ("P0", "P1", "P2"):
        least = severity  # type: ignore[assignment]
    else:
        wrong.append("min-severity: expected P0, P1 or P2")
    if name == DEPLOYMENT:
        return None, ["url: hotfix.notify.deployment is for GitHub; give the channel another name"]
    if name == COMMENT:
        wrong += ["url: comment is the one on the issue; give the channel another name"] if "url" in settings else []
        return Channel(name, on=on, least=least), wrong
    if not settings.get("url"):
        return None, [*wrong, "url: is not set"]
    return Channel(name, settings["url"], on, least), wrong
