"""Templates of messages: what is filled in stays on its line, and trailers go where git reads them."""

from __future__ import annotations

from git_hotfix.model.messages import fill_in, with_trailers


def test_what_is_filled_in_stays_on_one_line() -> None:
    facts = {"issue": "7", "title": "two\nlines\x1b"}
    assert fill_in("fix: {title} \n\n({issue}) {{issue}}\n\n", facts) == "fix: two lines\\u001b\n\n(7) {7}"


def test_trailers_join_those_that_are_there() -> None:
    assert with_trailers("fix", [("Hotfix-Issue", "7")]) == "fix\n\nHotfix-Issue: 7\n"
    assert with_trailers("fix\n\nwhy", [("Hotfix-Issue", "7")]) == "fix\n\nwhy\n\nHotfix-Issue: 7\n"
    signed = "fix\n\nSigned-off-by: Ada <ada@example.org>"
    assert with_trailers(signed, [("Hotfix-Issue", "7")]) == f"{signed}\nHotfix-Issue: 7\n"
