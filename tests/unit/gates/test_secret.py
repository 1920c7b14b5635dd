"""secret: keys, tokens and passwords of every kind, and what is written in their place.

No value here is live, and none stands in this text in one piece: they are made when the test runs.
"""

from __future__ import annotations

import random
import string

import pytest
from gate_facts import between, waived
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from git_hotfix.gates import judge
from git_hotfix.gates.registry import NoOptions
from git_hotfix.gates.secret import check
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

HINT = (
    "revoke it: what was pushed is known; then remove it from the commits, because a later commit does not hide it\n"
    "if it is not real: git hotfix waive secret --reason …"
)
PASSED = Judgement("0 secrets", "0 secrets")
DASHES = "-" * 5
WORDS = string.ascii_letters + string.digits


def made(length: int, letters: str = WORDS) -> str:
    """What no person would write."""
    return "".join(random.Random(length).choices(letters, k=length))


def key(kind: str = "PRIVATE KEY", glue: str = "\n") -> str:
    lines = [f"{DASHES}BEGIN {kind}{DASHES}", *(made(64) for _ in range(3)), f"{DASHES}END {kind}{DASHES}"]
    return glue.join(lines)


AWS_ID = "AKIA" + "Q3EGWJ5XN2LZT7VB"
AWS = f"aws_access_key_id = {AWS_ID}\naws_secret_access_key = {made(40)}"
VALUES = {
    "private key": [
        key(), key("RSA PRIVATE KEY"), key("EC PRIVATE KEY"), key("OPENSSH PRIVATE KEY"), key("ENCRYPTED PRIVATE KEY"),
        key("PGP PRIVATE KEY BLOCK", "\n\n"), key(glue="\\n"), key(glue='\\n" +\n  "'),
        '{"type": "service_account", "private_key": "' + key(glue="\\n") + '"}',
    ],
    "PuTTY private key": ["PuTTY-User-Key-" + f"File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 8\n{made(64)}"],
    "AWS access key": [AWS, AWS.replace("AKIA", "ASIA"), f'"{made(40)}", "{AWS_ID}"'],
    "GitHub token": ["gh" + f"{letter}_" + made(36) for letter in "pousr"] + ["github_" + f"pat_{made(22)}_{made(59)}"],
    "GitLab token": ["gl" + f"pat-{made(20)}"],
    "Slack token": ["xox" + f"b-{made(12, string.digits)}-{made(12, string.digits)}-{made(24)}"],
    "Slack webhook": ["https://hooks.slack" + f".com/services/T{made(8, '3QX7ZK')}A/B{made(8, '3QX7ZK')}A/{made(24)}"],
    "Stripe live key": ["sk_" + f"live_{made(24)}", "rk_" + f"live_{made(99)}"],
    "npm token": ["np" + f"m_{made(36)}"],
    "PyPI token": ["pyp" + f"i-AgEIcHlwaS5vcmc{made(90)}"],
    "Google API key": ["AI" + f"za{made(35)}"],
    "Azure storage key": [f"AccountName=shop;Account{'Key'}={made(86)}==;EndpointSuffix=core.windows.net"],
    "URL with a password": [
        "postgres:/" + f"/app:q7{made(12)}@db.shop.io:5432/app", "https:/" + f"/ada:q7{made(16)}@git.shop.io/x.git",
        "amqp:/" + f"/app:q7{made(9)}%21@10.0.0.7:5672",
    ],
}  # fmt: skip
CASES = [(kind, value) for kind, values in VALUES.items() for value in values]


def added(text: str, path: str = "src/a.py", base: str = "") -> Facts:
    return between({path: base.encode()}, {path: (base + text).encode("utf-8", "surrogateescape")})


@pytest.mark.parametrize(("kind", "value"), CASES, ids=[f"{kind} {n}" for n, (kind, _) in enumerate(CASES)])
@pytest.mark.parametrize("path", ["src/a.py", "tests/fixtures/id", "README.md", "caf\udce9\n.env"])
def test_every_kind_is_found_and_never_shown(kind: str, value: str, path: str) -> None:
    for frame in ("{}", "x = '{}'\n", "\r\nkey: {}\r\n\r\n", "\tfoo({}, 1);"):
        text = frame.format(value)
        answer = check(added(text, path, "one\ntwo\n"), NoOptions())
        assert [(each.message, each.path, each.hint) for each in answer.findings] == [(kind, path, HINT)]
        assert answer.measured == "1 secret"
        assert all(part not in repr(answer) for part in value.replace("\\n", "\n").split() if len(part) > 12)


def test_the_line_is_named() -> None:
    token = VALUES["GitHub token"][0]
    given = added(f"x\ny\n{token}\nz\n", base="one\n")
    assert check(given, NoOptions()) == Judgement(
        "1 secret", "0 secrets", (Finding("GitHub token", "src/a.py", 4, HINT),)
    )
    twice = check(added(f"x\n{token}\n\n{VALUES['GitHub token'][1]}\n"), NoOptions())
    assert twice.findings == (Finding("GitHub token, 2 of them, the first here", "src/a.py", 2, HINT),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1",
        f"{DASHES}BEGIN PRIVATE KEY{DASHES}",
        f"if line == '{DASHES}BEGIN RSA PRIVATE KEY{DASHES}':\n    return read_the_whole_key(from_path_to/the/key)\n",
        f"{DASHES}BEGIN RSA PRIVATE KEY{DASHES}\nMIIEpAIBAAKCAQEA...\n{DASHES}END RSA PRIVATE KEY{DASHES}",
        key().replace("PRIVATE", "PUBLIC"),
        key("CERTIFICATE"),
        f"{DASHES}BEGIN PRIVATE KEY{DASHES}\n{'A' * 64}\n",
        AWS_ID,
        f"{AWS_ID} is used in commit {made(40, '0123456789abcdef')}",
        f"AKIAIOSFODNN7EXAMPLE\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE{'KEY'}",
        f"AKIAIOSFODNN7EXAMPLE\n{made(40)}",
        "gh" + f"p_{'x' * 36}",
        "gh" + f"p_{'0' * 36}",
        "gh" + "p_" + "1234567890abcdefghijklmnopqrstuvwxyz",
        "gh" + f"p_{made(12)}",
        "gh" + f"p_{made(50)}_{made(4)}",
        "laugh" + f"p_{made(36)}",
        "gl" + "pat-xxxxxxxxxxxxxxxxxxxx",
        "xox" + "b-not-a-real-token",
        "pk_" + f"live_{made(24)}",
        "sk_" + f"test_{made(24)}",
        "sk_" + f"live_{'x' * 24}",
        "np" + "m_package_config_registry_something_long_enough",
        "AccountName=devstoreaccount1;Account" + "Key=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6t"
        + "q/K1SZFPTOtr/KBHBeksoGMGw==",
        "eyJhbGciOiJIUzI1NiJ9." + f"{made(40)}.{made(43)}",
        f"AI{'za'}{made(20)}",
    ],
)  # fmt: skip
def test_what_is_no_secret(text: str) -> None:
    assert check(added(text), NoOptions()) == PASSED


@pytest.mark.parametrize(
    ("user", "password", "host"),
    [
        ("user", "password", "db.shop.io"), ("app", "changeme1", "db.shop.io"), ("ada", "s3cr3t-pass", "shop.io"),
        ("app", "$PASSWORD", "db.shop.io"), ("app", "${DB_PASSWORD}", "db.shop.io"), ("app", "{password}", "shop.io"),
        ("%s", "%s", "%s.shop.io"), ("app", "********", "db.shop.io"), ("app", "xxxxxxxx", "db.shop.io"),
        ("app", "{0}", "localhost"), ("app", "{0}", "127.0.0.1:5432"), ("app", "{0}", "db"), ("app", "{0}", "0.0.0.0"),
        ("app", "{0}", "db.example.com"), ("app", "{0}", "example.org"), ("app", "{0}", "db.local"),
        ("app", "{0}", "db.shop.test"), ("app", "{0}", "[::1]"), ("longuser1", "longuser1", "db.shop.io"),
        ("app", "abc", "db.shop.io"), ("app", "correcthorse", "db.shop.io"), ("app", "Password123", "db.shop.io"),
        ("app", "appToken", "db.shop.io"), ("app", "API_TOKEN", "db.shop.io"), ("app", "pa%24%24w0", "db.shop.io"),
        ("x", "asdf97qwer", "db.shop.io"), ("app", "hello1234", "10.20.130.230"), ("app", "8315970246", "db.shop.io"),
        ("img", "v1.2.3-rc1", "sha256:12345678"), ("app", "my_App-key1", "db.shop.io"),
    ],
)  # fmt: skip
def test_a_url_with_a_placeholder_or_a_host_of_ones_own(user: str, password: str, host: str) -> None:
    text = "postgres:/" + f"/{user}:{password.replace('{0}', 'q7' + made(12))}@{host}/app"
    assert check(added(text), NoOptions()) == PASSED


def test_what_production_has_already_is_not_published_anew() -> None:
    token = VALUES["npm token"][0]
    moved = between({"a": f"old {token}\nx\n".encode()}, {"a": f"x\nnew {token}\n".encode()})
    assert check(moved, NoOptions()) == PASSED
    assert check(between({"a": token.encode()}, {}), NoOptions()) == PASSED


def test_a_nul_byte_or_two_bytes_a_letter_hide_nothing() -> None:
    token = VALUES["GitHub token"][0]
    for content in (f"\0\n{token}".encode(), token.encode("utf-16"), f"{token}\n".encode("utf-16-be")):
        assert check(between({}, {"a.ps1": content}), NoOptions()).measured == "1 secret"


def test_more_places_than_are_looked_at() -> None:
    heading = f"{DASHES}BEGIN PRIVATE KEY{DASHES}\n"
    unread = Finding("only the first 1,000 places that may be a private key were looked at", "src/a.py")
    assert check(added(heading * 1000), NoOptions()) == PASSED
    assert check(added(heading * 1001), NoOptions()) == Judgement("0 secrets", "0 secrets", (), (unread,))


@settings(max_examples=60, deadline=None)
@generated(
    kind=st.sampled_from(["GitHub token", "npm token", "AWS access key", "private key", "URL with a password"]),
    before=st.text(max_size=30).filter(lambda text: not text or not (text[-1].isalnum() or text[-1] == "_")),
    after=st.text(max_size=30).filter(lambda text: not text[:1].isalnum() and text[:1] not in "_+/"),
)
def test_whatever_stands_around_it(kind: str, before: str, after: str) -> None:
    value = VALUES[kind][0]
    noise = f"{before}\n{before}{value}{after}\n{after}".encode("utf-8", "replace")
    assert kind in [each.message for each in check(between({}, {"a.py": noise}), NoOptions()).findings]


def test_one_nul_ends_a_word_and_hides_nothing() -> None:
    value = VALUES["GitHub token"][0]
    assert [each.message for each in check(added(f"{value}\0000"), NoOptions()).findings] == ["GitHub token"]


def test_waived_and_allowed() -> None:
    text = VALUES["GitHub token"][0]
    assert judge(added(text), only=["secret"]).gates[0].status == "fail"
    assert judge(waived(added(text), "secret"), only=["secret"]).gates[0].status == "waived"
    policy = Policy(gates={"secret": GatePolicy("block", ("tests/keys/",), NoOptions())})
    allowed = between({}, {"tests/keys/a": text.encode()}, policy=policy)
    assert judge(allowed, only=["secret"]).gates[0].status == "pass"
