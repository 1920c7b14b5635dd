from git_hotfix.model.actions import Action, join_row, read_actions, split_row


def test_a_row_has_as_many_columns_as_were_written() -> None:
    assert read_actions("add a test | test | 24h | ada | 2026-12-01\n\n- watch it") == (
        Action("add a test", "test", "24h", "ada", "2026-12-01"),
        Action("watch it"),
    )


def test_what_stands_beyond_the_last_column_is_part_of_it() -> None:
    assert read_actions("a|b|c|d|e|f|done|x") == (Action("a", "b", "c", "d", "e", "f", "done | x"),)


def test_a_bar_within_a_column_comes_back() -> None:
    columns = ["a | b", "", "c"]
    assert split_row(join_row(columns)) == columns
