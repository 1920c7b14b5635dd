from git_hotfix.model.actions import Action
from git_hotfix.model.logbook import Logbook
from git_hotfix.model.names import IssueId
from git_hotfix.record.follow_ups import follow_ups
from git_hotfix.record.statements import answer_entries, read_statements


def _found(answers: dict[str, str], *, untested: bool = False, ended: int | None = None) -> tuple[Action, ...]:
    book = Logbook(IssueId("1"), tuple(answer_entries(answers, "A", 1)))
    return follow_ups(read_statements(book), untested=untested, ended=ended, finisher="ada")


def test_every_hotfix_brings_a_post_mortem_that_is_due_a_day_after_its_end() -> None:
    assert _found({}) == (Action("Write the post-mortem", "review", "24h", "ada"),)
    assert _found({}, ended=0) == (Action("Write the post-mortem", "review", "24h", "ada", "1970-01-02"),)


def test_a_temporary_fix_brings_the_proper_one_and_an_untested_one_its_test() -> None:
    found = _found({"temporary": "yes: the cache is off"}, untested=True)
    assert [action.what for action in found] == [
        "Write the post-mortem",
        "Replace the temporary fix",
        "Add a test of the fix",
    ]


def test_a_stated_action_takes_the_place_of_the_one_of_its_kind() -> None:
    found = _found({"actions": "cover the empty cart | test | sprint | bo | 2026-12-01"}, untested=True)
    assert [(action.what, action.owner) for action in found] == [
        ("cover the empty cart", "bo"),
        ("Write the post-mortem", "ada"),
    ]
