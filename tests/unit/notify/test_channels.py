from git_hotfix.notify.channels import Channel


def test_a_channel_hears_of_what_is_grave_enough_for_it() -> None:
    pager = Channel("pager", "pagerduty://x", least="P1")
    assert [pager.wants("finish", severity) for severity in ("P0", "P1", "P2")] == [True, True, False]


def test_a_channel_hears_of_its_occasions() -> None:
    ops = Channel("ops", "slack://x", on=("finish",))
    assert (ops.wants("finish", "P0"), ops.wants("start", "P0")) == (True, False)


def test_an_address_is_never_shown() -> None:
    secret = Channel("ops", "slack://token-a/token-b")
    assert (secret.shown, "token" in repr(secret)) == ("ops (slack)", False)
    assert Channel("odd", "0123456789abcdef0123456789:x").shown == "odd"
