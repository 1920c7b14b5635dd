"""format-churn: what a formatter does, what a fix does that looks like it, and the two limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from gate_facts import between, change, facts, waived
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from git_hotfix.gates import judge
from git_hotfix.gates.format_churn import Options, check
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.lines import LINES
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

HINT = (
    "move the formatting to its own branch (is a formatter running on save?), or record why: "
    "git hotfix waive format-churn --reason …"
)
LIMIT = "20 lines and 30 %"


def code(many: int = 12) -> list[str]:
    """Functions of four lines, at two depths, without a blank line between them."""
    shapes = ["def f{0}(a, b):", "    if a > {0}:", "        return call(a, 'k{0}', b)", "    return 'n{0}'"]
    return [shape.format(number) for number in range(many // 4) for shape in shapes]


def text(lines: list[str], end: str = "\n") -> bytes:
    return "".join(line + end for line in lines).encode()


def sides(old: list[str], new: list[str], path: str = "src/a.py") -> Facts:
    return between({path: text(old)}, {path: text(new)})


def churn(given: Facts) -> int:
    return int(check(given, Options()).measured.split()[0])


OLD = code()
IMPORTS = [f"import m{number}" for number in range(12)]
REFORMS: dict[str, Callable[[], tuple[list[str], list[str]]]] = {
    "quotes": lambda: (OLD, [line.replace("'", '"') for line in OLD]),
    "blanks": lambda: (OLD, [line.replace(", ", ",") for line in OLD]),
    "trailing blanks": lambda: ([line + "  " for line in OLD], OLD),
    "tabs": lambda: (OLD, [line.replace("    ", "\t") for line in OLD]),
    "another measure": lambda: (OLD, [line.replace("    ", "  ") for line in OLD]),
    "line breaks": lambda: (
        [f"x{n} = f(a, b)" for n in range(9)],
        [line for n in range(9) for line in (f"x{n} = f(", "    a,", "    b,", ")")],
    ),
    "import order": lambda: (["# a", *IMPORTS, "x = 1"], ["# a", *IMPORTS[::-1], "x = 1"]),
    "names of imports": lambda: (
        [f"from m{n} import b, a{n}" for n in range(12)], [f"from m{n} import a{n}, b" for n in range(12)]
    ),
    "blank lines": lambda: (OLD, [each for line in OLD for each in (line, "", "")]),
}  # fmt: skip


@pytest.mark.parametrize("reform", REFORMS)
def test_a_reform_is_found(reform: str) -> None:
    given = sides(*REFORMS[reform]())
    total = sum(file.lines for file in given.changes.files)
    found = churn(given)
    assert found >= 0.8 * total, (found, total)


def test_blanks_at_the_end_beside_a_fix() -> None:
    assert churn(sides([f"a {n}  " for n in range(9)], ["a fix", *(f"a {n}" for n in range(9))])) == 18


def test_line_ends() -> None:
    given = between({"a.py": text(OLD)}, {"a.py": text(OLD, "\r\n")})
    first = Finding("24 of 24 changed lines differ only in formatting", hint=HINT)
    note = Finding("24 lines", path="a.py", level="note")
    assert check(given, Options()) == Judgement("24 of 24 lines", LIMIT, (first, note))


BLOCK = [f"    call_{number}(a, {number})" for number in range(30)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BLOCK, ["    try:", *(f"    {line}" for line in BLOCK), "    except E:", "        pass"]),
        (["    if x:", *(f"    {line}" for line in BLOCK)], BLOCK),
        ([*BLOCK[:15], "", *BLOCK[15:]], ["    if x:", *(f"    {line}" for line in BLOCK[:15]), "",
                                        *(f"    {line}" for line in BLOCK[15:])]),
        ([*BLOCK, "x"], ["x", *BLOCK]),
        (BLOCK, [line.replace("a, ", "b, ") for line in BLOCK]),
        (BLOCK, []),
        (["}"] * 30, ["},"] * 30 + ["more"]),
        ([f"a{n} = {n}" for n in range(20)], ["longer = x", *(f"a{n}     = {n}" for n in range(20))]),
    ],
    ids=["a block around", "a block less", "a block with a gap", "moved", "other names", "taken away", "brackets",
         "aligned"],
)  # fmt: skip
def test_a_fix_that_only_looks_so(old: list[str], new: list[str]) -> None:
    assert churn(sides(["first", *old, "last"], ["first", *new, "last"])) == 0


@pytest.mark.parametrize(
    ("form", "fix", "level"), [(10, 46, "fail"), (10, 47, "pass"), (9, 1, "pass"), (10, 0, "fail")]
)
def test_both_limits(form: int, fix: int, level: str) -> None:
    """`form` lines with other quotes, twice that in the count, and `fix` new lines."""
    old = [f"a{n} = 'x'" for n in range(form)]
    given = sides(old, [line.replace("'", '"') for line in old] + [f"new{n}" for n in range(fix)])
    judgement = check(given, Options())
    assert (judgement.level, judgement.measured) == (level, f"{2 * form} of {2 * form + fix} lines")


def test_the_share_is_one_of_the_whole_hotfix() -> None:
    small = {"a.py": text([f"a{n} = 'x'" for n in range(10)])}
    reformed = {"a.py": small["a.py"].replace(b"'", b'"')}
    assert check(between(small, {**reformed, "b.py": b"x\n" * 46}), Options()).level == "fail"
    assert check(between(small, {**reformed, "b.py": b"x\n" * 47}), Options()).level == "pass"
    assert check(between(small, {**reformed, "tests/b.py": b"x\n" * 99}), Options()).level == "fail"


def test_only_production_counts() -> None:
    for path in ("tests/test_a.py", "docs/a.md", "vendor/x.js", "package-lock.json"):
        assert check(sides(*REFORMS["quotes"](), path), Options()) == Judgement("0 of 0 lines", LIMIT)


def test_files_are_named_the_heaviest_first() -> None:
    old = {path: text(code(many)) for path, many in (("a.py", 12), ("caf\udce9\n.py", 20), ("c.py", 4))}
    new = {path: blob.replace(b"'", b'"') for path, blob in old.items()}
    findings = check(between(old, new), Options()).findings
    assert [(each.path, each.message, each.level) for each in findings[1:]] == [
        ("caf\udce9\n.py", "20 lines", "note"),
        ("a.py", "12 lines", "note"),
        ("c.py", "4 lines", "note"),
    ]


def test_what_is_too_large_is_not_read_and_said() -> None:
    unread = Finding("not read for its 200001 lines: the hotfix changes more than 200,000", "a.sql")
    judgement = check(facts(change("a.sql", added=LINES + 1)), Options())
    assert judgement == Judgement("0 of 200001 lines", LIMIT, (), (unread,))


@settings(max_examples=60, deadline=None)
@generated(lines=st.lists(st.text(alphabet="ab'\"`, \t(){}=\r", max_size=12), max_size=20), at=st.integers(0, 20))
def test_it_never_counts_more_than_was_changed(lines: list[str], at: int) -> None:
    given = sides(lines, [*lines[at:], *(line.strip() for line in lines[:at])])
    total = sum(file.lines for file in given.changes.files)
    assert 0 <= churn(given) <= total


def test_waived_allowed_and_other_limits() -> None:
    old, new = REFORMS["quotes"]()
    given = sides(old, new)
    assert judge(waived(given, "format-churn"), only=["format-churn"]).gates[0].status == "pass"  # 12 lines
    for options, status in ((Options(lines=12), "fail"), (Options(lines=13), "pass"), (Options(12, 100), "fail")):
        policy = Policy(gates={"format-churn": GatePolicy("block", (), options)})
        limited = between({"a.py": text(old)}, {"a.py": text(new)}, policy=policy)
        assert judge(limited, only=["format-churn"]).gates[0].status == status
        assert judge(waived(limited, "format-churn"), only=["format-churn"]).passed
    policy = Policy(gates={"format-churn": GatePolicy("block", ("gen/",), Options(1, 1))})
    assert judge(between({"gen/a": text(old)}, {"gen/a": text(new)}, policy=policy), only=["format-churn"]).passed
