"""The process that sends: it reads what is to be sent from its input, sends all at once, and says of each by its number
how that ended. It is a process of its own so that it can be ended in time, and so that nothing that a library prints
or logs, with an address in it, reaches anybody."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from typing import Any


def main() -> int:
    """Exit 0 when everything was tried; a line of JSON says that sending begins, and one for each that ended."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    logging.disable(logging.CRITICAL)
    orders = json.load(sys.stdin)
    lock = threading.Lock()

    def say(**answer: object) -> None:
        with lock:
            answers.write(json.dumps(answer) + "\n")
            answers.flush()

    problem = _import_apprise()
    if problem:
        for order in orders:
            say(key=order["key"], state=problem)
        os._exit(0)
    say(state="begun")

    def send(order: dict[str, Any]) -> None:
        say(key=order["key"], state=_send(order))

    threads = [threading.Thread(target=send, args=(order,), daemon=True) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(0)


def _import_apprise() -> str:
    """`not-installed`, `broken`, or nothing where Apprise can be used."""
    try:
        import apprise  # noqa: F401
    except ModuleNotFoundError as error:
        return "not-installed" if error.name == "apprise" else "broken"
    except BaseException:  # whatever an import does, exit included
        return "broken"
    return ""


def _send(order: dict[str, Any]) -> str:
    """`sent`, `failed` or `unknown-scheme`; never a word of a library."""
    import apprise

    try:
        asset = apprise.AppriseAsset(plugin_paths=[], async_mode=False, secure_logging=True)
        channel = apprise.Apprise(asset=asset)
        if not channel.add(order["url"]):
            return "unknown-scheme"
        plain = apprise.NotifyFormat.TEXT  # so that what a channel shows as HTML is escaped
        return "sent" if channel.notify(order["body"], order["title"], body_format=plain) else "failed"
    except BaseException:
        return "failed"
