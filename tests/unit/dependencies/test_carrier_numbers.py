"""Which texts state the number of a tag, and how they state another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_hotfix.dependencies.carriers.numbers import restated, states
from git_hotfix.model.versions import parse


@pytest.mark.parametrize(
    ("value", "old", "new", "wanted"),
    [
        ("1.4.2", "v1.4.2", "v1.4.3", "1.4.3"),
        ("v1.4.2", "v1.4.2", "v1.4.3", "v1.4.3"),
        ("'1.4.2'", "v1.4.2", "v1.4.3", "'1.4.3'"),
        ('"1.4.2"', "release-1.4.2", "release-1.4.3", '"1.4.3"'),
        ("app-1.4.2", "app-1.4.2", "app-1.4.3", "app-1.4.3"),
        ("1.4.2.0", "v1.4.2", "v1.4.3", "1.4.3.0"),
        ("1.4.0", "v1.4", "v1.4.1", "1.4.1"),
        ("1.4", "v1.4.0", "v1.4.1", "1.4.1"),
        ("(1, 4, 2)", "v1.4.2", "v1.4.3", "(1, 4, 3)"),
        ("(1, 4, 2, 0)", "v1.4.2", "v1.4.3", "(1, 4, 3, 0)"),
        ("(1, 4)", "v1.4", "v1.4.1", None),
        ("(1, 4, 2)", "v1.4.2", "v1.4.2-hf1", None),
        ("1.4.2", "v1.4.2", "v1.4.2-hf1", "1.4.2-hf1"),
        ("1.4.2-hf1", "v1.4.2-hf1", "v1.4.2-hf2", "1.4.2-hf2"),
        ("1.4.2.post1", "v1.4.2.post1", "v1.4.2.post2", "1.4.2.post2"),
        ("1.4.2.Final", "1.4.2.Final", "1.4.3.Final", "1.4.3.Final"),
        ("1.4.2", "1.4.2.Final", "1.4.3.Final", "1.4.3"),
        ("1.4.2", "v1_4_2", "v1_4_3", "1.4.3"),
        ("2026.8.1", "2026.08.1", "2026.08.2", "2026.8.2"),
        ("42", "v42", "v43", "43"),
    ],
)
def test_a_text_that_states_a_number_states_the_next_in_its_own_form(
    value: str, old: str, new: str, wanted: str | None
) -> None:
    before, after = parse(old), parse(new)
    assert before and after
    assert states(value, before)
    assert restated(value, before, after) == wanted
    assert wanted is None or states(wanted, after)


@pytest.mark.parametrize(
    "value",
    ["1.4.2-SNAPSHOT", "1.4.2rc1", "1.4", "1.4.2.1", "${revision}", ">=1.4.2", "^1.4.2", "1.4.2 || 2", "lib-1.4.2",
     "attr: app.__version__", "", "latest", "(1, 4)", "(1, 4, 2, 'beta')", "0.0.0-development", "1.4.2+37"],
)  # fmt: skip
def test_what_is_another_number_or_none_states_nothing(value: str) -> None:
    number = parse("v1.4.2")
    assert number and not states(value, number)


NUMBERS = st.lists(st.integers(0, 9999), min_size=2, max_size=5)
WORDS = st.sampled_from(["", "-hf1", ".post2", "-p3", ".Final"])


@given(NUMBERS, NUMBERS, WORDS, st.sampled_from(["{}", "v{}", "'{}'", '"{}"', " {} "]))
def test_whatever_the_form_the_new_number_is_read_back(old: list[int], new: list[int], word: str, form: str) -> None:
    tags = [parse(f"v{'.'.join(map(str, numbers))}{word}") for numbers in (old, new)]
    assert tags[0] and tags[1]
    value = form.format(".".join(map(str, old)) + word)
    assert states(value, tags[0])
    made = restated(value, tags[0], tags[1])
    assert made is not None and states(made, tags[1])
    assert restated(made, tags[1], tags[0]) in (value, restated(value, tags[0], tags[0]))


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(value: str) -> None:
    number = parse("v1.4.2")
    assert number
    if states(value, number):
        restated(value, number, number)
