"""The pull request for production: what a reviewer is told first."""

from __future__ import annotations

from dataclasses import replace

from gate_facts import HOTFIX

from git_hotfix.backport.pull_requests import production_text
from git_hotfix.model.logbook import Entry, Logbook


def test_it_names_the_ticket_where_there_is_one() -> None:
    head = "Hotfix 4711\n\nSeverity P1, from production tag v1.4.2 into main.\n"
    tail = "\nFiles:\n- app.py\n\nAfter it was merged: git hotfix finish 4711"
    assert production_text(HOTFIX, ["app.py"]) == head + tail
    start = Entry("start", "start", {"Ticket": "https://jira.example/INC-77\nSeverity P9"})
    told = replace(HOTFIX, logbook=Logbook(HOTFIX.issue, (start,)))
    assert production_text(told, ["app.py"]) == f"{head}Ticket: https://jira.example/INC-77 Severity P9\n{tail}"
