"""The part of Jinja2's language that a template of a document may use: values, lists and conditions.

All of it ends. A loop goes through a list of the hotfix, and nothing computes, repeats, joins or keeps a text, so that
a document grows with its template and the hotfix only. Every id is a word of the template, so a mistake is found, with
its line, before anything is filled in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from jinja2 import nodes

from git_hotfix.documents.contents import Contents

FUNCTIONS = ("field", "fact", "box", "items", "rows")
_Known = Mapping[str, Collection[str]]
_LOOP = ("first", "last", "index")
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Not, nodes.And, nodes.Or, nodes.Compare,
    nodes.Operand, nodes.CondExpr,
)  # fmt: skip


class TemplateMistake(Exception):
    """What a template may not do, and where. `line` is None where only the running template knows."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.line = line


def check_template(tree: nodes.Template, contents: Contents) -> None:
    """Raise TemplateMistake where `tree` asks for what `contents` do not have, or uses another part of the language."""
    known: _Known = {
        "field": contents.fields, "fact": contents.facts, "box": contents.boxes, "items": contents.lists,
        "rows": contents.lists,
    }  # fmt: skip
    _check(tree, known, frozenset())


def _check(node: nodes.Node, known: _Known, names: frozenset[str]) -> None:
    if isinstance(node, nodes.For):
        _check_loop(node, known, names)
    elif isinstance(node, nodes.Call):
        _check_call(node, known, names)
    elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "loop":
        if "loop" not in names or node.attr not in _LOOP:
            raise TemplateMistake(f"of a loop a template may ask for {', '.join(_LOOP)}", node.lineno)
    elif isinstance(node, nodes.Name):
        if node.name not in names or node.name == "loop":
            raise TemplateMistake(f"{node.name!r} is not known here", node.lineno)
    elif isinstance(node, nodes.Const):
        if not isinstance(node.value, (str, bool)):
            raise TemplateMistake("a template has no numbers", node.lineno)
    elif isinstance(node, nodes.Compare) and {each.op for each in node.ops} - {"eq", "ne"}:
        raise TemplateMistake("a value can be compared with == and !=", node.lineno)
    elif isinstance(node, _PLAIN):
        for inner in node.iter_child_nodes():
            _check(inner, known, names)
    else:
        what = type(node).__name__.lower()
        raise TemplateMistake(f"a template of a document cannot use {what!r}", node.lineno)


def _check_loop(node: nodes.For, known: _Known, names: frozenset[str]) -> None:
    if not isinstance(node.target, nodes.Name) or node.target.name in (*FUNCTIONS, "loop"):
        raise TemplateMistake("a loop gives one name to each line, and none that a template has", node.lineno)
    if node.recursive or not _is_list(node.iter):
        raise TemplateMistake('a loop goes through items("…") or rows("…")', node.lineno)
    _check(node.iter, known, names)
    inside = names | {node.target.name, "loop"}
    for inner in (*node.body, *([node.test] if node.test else [])):
        _check(inner, known, inside)
    for inner in node.else_:
        _check(inner, known, names)


def _is_list(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in ("items", "rows")


def _check_call(node: nodes.Call, known: _Known, names: frozenset[str]) -> None:
    called = node.node.name if isinstance(node.node, nodes.Name) else ""
    if called not in known and (called not in names or called == "loop"):
        raise TemplateMistake(f"a template can call {', '.join(FUNCTIONS)}", node.lineno)
    given = [each.value for each in node.args if isinstance(each, nodes.Const)]
    if len(node.args) != 1 or not given or not isinstance(given[0], str) or node.dyn_args or node.dyn_kwargs:
        raise TemplateMistake(f'{called} is asked for one name: {called}("…")', node.lineno)
    gaps = node.kwargs if called in ("field", "fact") else []
    if gaps != node.kwargs or any(
        each.key != "gap" or not isinstance(each.value, nodes.Const) or not isinstance(each.value.value, str)
        for each in gaps
    ):
        raise TemplateMistake('beside the name, field and fact take gap="…"', node.lineno)
    if called in known and given[0] not in known[called]:
        near = get_close_matches(given[0], known[called], 1)
        meant = f" (did you mean {near[0]!r}?)" if near else ""
        raise TemplateMistake(f"there is no {called} {given[0]!r}{meant}", node.lineno)
