"""All that is known of a hotfix as what a template asks for: answers, facts, boxes and lists by their ids."""

from __future__ import annotations

from git_hotfix.documents.contents import BoxLine, Contents, Row, Rows, item_rows
from git_hotfix.documents.facts import FACTS, LISTS
from git_hotfix.documents.paper import Paper
from git_hotfix.model import form
from git_hotfix.model.actions import split_row
from git_hotfix.model.form import Field

CHOICES = {
    "risk": {"low": "Low: a change by itself", "medium": "Medium: it touches several components",
             "high": "High: it touches what is critical"},
    "security": {"none": "No effect on security", "better": "Better security",
                 "review-needed": "The security team has to review it"},
    "deploy-strategy": {"blue-green": "Blue-green: no time without service", "rolling": "Rolling: one after the other",
                        "immediate": "Immediate: everywhere at once",
                        "staged": "Staged: to a part of the users first"},
    "breaking": {"yes": "It breaks something for others", "none": "It breaks nothing for others"},
    "temporary": {"yes": "A proper fix is still to come", "no": "This is the proper fix"},
}  # fmt: skip
"""The words of the boxes that show a choice; each box is `<field>=<choice>`."""


_PROOFS = {
    "runs required": "runs",
    "approvals required": "approvals",
    "merge clean": "trial merge",
    "form complete": "form",
    "actions owned": "follow-ups",
    "changed tests": "changed files",
    "live smoke": "run smoke in production",
}
"""What proves a box, in words of a document where the word of its proof is none."""


def contents_of(paper: Paper) -> Contents:
    """What a template can ask for."""
    boxes = {state.box.id: _box_line(paper, state.box.id) for state in paper.boxes.values()}
    for id, choices in CHOICES.items():
        chosen = _chosen(paper, id)
        boxes |= {f"{id}={choice}": BoxLine("done" if chosen == choice else "open", words)
                  for choice, words in choices.items()}  # fmt: skip
    fields = {field.id: _line(paper, field) for field in form.FIELDS}
    fields |= {f"{id}-why": paper.statements.value(id).partition(":")[2].strip() for id in CHOICES}
    facts = {id: fact(paper) for id, fact in FACTS.items()}
    lists = {id: rows(paper) for id, rows in LISTS.items()}
    lists |= {field.id: _rows(paper, field) for field in form.FIELDS if field.shape in ("list", "table")
              and field.id not in lists}  # fmt: skip
    return Contents(fields, facts, boxes, lists)


def _chosen(paper: Paper, id: str) -> str:
    return paper.statements.value(id).partition(":")[0].strip().lower()


def _line(paper: Paper, field: Field) -> str:
    """An answer; the items of a list stand in one line, for templates that have no room for more."""
    if field.shape == "list":
        return "; ".join(paper.statements.items(field.id))
    return paper.statements.value(field.id)


def _rows(paper: Paper, field: Field) -> Rows:
    """An answer of several lines: its items, or its rows by their columns."""
    items = paper.statements.items(field.id)
    if field.shape == "list":
        return item_rows(items, said=True)
    keys = item_rows(items)
    rows = [
        Row(row.key, dict(zip(field.columns, split_row(item), strict=False)))
        for row, item in zip(keys.rows, items, strict=True)
    ]
    return Rows(field.columns, tuple(rows), said=True)


def _box_line(paper: Paper, id: str) -> BoxLine:
    """A box; beside a ticked one stands what says so, beside one that does not apply why."""
    state = paper.boxes[id]
    how = "" if state.state == "open" else _PROOFS.get(state.how, state.how)
    # What a question was answered stands in the document itself.
    how = "; ".join(proof for proof in how.split("; ") if not proof.startswith(("field ", "box ")))
    # What a person says is told from what was seen, whatever word the person gives with it.
    note = f"{how}: {state.text}" if how.startswith("said by ") and state.text else state.text or how
    return BoxLine(state.state, state.box.text, note)
