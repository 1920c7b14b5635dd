"""The story: what a person types, and what has to be answered for the story to be true."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One command. It has to end with `code` and to say every one of `says`; `before` is told first."""

    command: str
    before: str = ""
    code: int = 0
    says: tuple[str, ...] = ()


FETCH_LOGBOOKS = "git fetch origin 'refs/hotfix/log/*:refs/hotfix/log/*'"
SOLVED = "    return bank.charge(order, timeout=10, retries=3)"

STORY = (
    Step(
        "git branch -r && git tag",
        "It is 3 a.m. Production (main) runs v1.4.2, and the checkout times out. The team is busy elsewhere:",
        says=("origin/develop", "origin/feature/payment", "origin/release/1.5", "v1.4.2"),
    ),
    Step(
        "git hotfix hooks install",
        "Once in every clone: the gates go in front of every push, beside the hooks that are there.",
        says=("installed: .git/hooks/pre-push",),
    ),
    Step(
        'git hotfix start 4711 -m "checkout times out" --severity P0',
        "A hotfix starts from what runs in production, not from develop.",
        says=("hotfix/4711 starts at v1.4.2",),
    ),
    Step(
        "sed 's/timeout=1/timeout=10/' src/checkout.py > new && mv new src/checkout.py && git diff -U0",
        "The fix is one line.",
        says=("+    return bank.charge(order, timeout=10)",),
    ),
    Step(
        "echo 'grep -q timeout=10 src/checkout.py' > tests/test_patience.sh && git add . && "
        "git commit -qm 'Wait ten seconds for the bank'",
        "And a test that would have caught it.",
    ),
    Step(
        "for file in src/part_*.py; do echo '# tidied up' >> $file; done && git commit -qam 'Tidy up'",
        "While we are here, some tidying up ...",
    ),
    Step(
        "git push origin hotfix/4711",
        "... which does not get through: a hotfix of 13 files is none.",
        code=1,
        says=("fail max-files", "failed to push"),
    ),
    Step("git reset -q --hard HEAD~1", "The tidying up can wait."),
    Step(
        "git config hotfix.run.smoke 'sh check.sh' && git config hotfix.run.smoke.junit report.xml && "
        "git hotfix run smoke --prove",
        "Is it the fix that makes the tests green? They run on the release, on the release with the new test, on the "
        "fix, and on the second once more; what that shows is recorded.",
        says=(
            "tests/test_patience.sh fails",
            "proof by smoke: shown",
            "1 case fails without the fix and passes with it: tests/test_patience.sh",
        ),
    ),
    Step(
        "git hotfix run smoke",
        "The smoke tests once more where the work is: that counts for just this code.",
        says=("smoke passed", "2 passed"),
    ),
    Step(
        "git hotfix check",
        "The gates can be asked before they are met.",
        says=("gates pass: base", "next: git hotfix finish 4711"),
    ),
    Step(
        "git push origin hotfix/4711:main",
        "The way past the tool is closed as well: production takes a hotfix only together with its tag.",
        code=1,
        says=("fail tag", "failed to push"),
    ),
    Step(
        "git hotfix finish --yes",
        "Production and tag in one push, then develop, the release and every feature. feature/payment changed the same "
        "line: it stays open (exit 4) and holds nobody up. feature/invoice is older than v1.4.2, which a merge would "
        "bring along: it gets the fix alone.",
        code=4,
        says=("v1.4.3", "cherry-pick", "conflict", "git hotfix backport 4711 --resolve feature/payment"),
    ),
    Step(
        "git hotfix backport 4711 --resolve feature/payment",
        "The conflict opens in a worktree of its own; the current work stays where it is.",
        says=("src/checkout.py", "--continue"),
    ),
    Step(
        "cd ../shop-resolve-feature-payment && git diff",
        says=("<<<<<<<", ">>>>>>>"),
    ),
    Step(
        "cd ../shop-resolve-feature-payment && { sed '/<<<<<<</,/>>>>>>>/d' src/checkout.py; "
        f"echo '{SOLVED}'; }} > new && mv new src/checkout.py && git add src/checkout.py",
        "Both changes are wanted: wait ten seconds, and try three times.",
    ),
    Step(
        "git hotfix backport 4711 --continue",
        "Back in the clone, the solved one goes to the remote; with nothing owed any more the hotfix branch goes.",
        says=("feature/payment", "merged"),
    ),
    Step(
        "git grep -h 'bank.charge' "
        + " ".join(
            f"origin/{name}"
            for name in ("main", "develop", "release/1.5", "feature/invoice", "feature/login", "feature/search")
        )
        + " origin/feature/payment",
        "The fix is everywhere:",
        says=("\n".join([*(["    return bank.charge(order, timeout=10)"] * 6), SOLVED]),),
    ),
    Step(
        "git config hotfix.run.deploy 'echo deploying $HOTFIX_TAG from $(git describe)' && git hotfix run deploy && "
        "git hotfix run smoke",
        "Deploying is a command of yours as well. It runs on the code of the tag, wherever you stand, and so do the "
        "smoke tests after it.",
        says=("deploying v1.4.3 from v1.4.3", "deploy passed", "smoke passed"),
    ),
    Step(
        "git config hotfix.monitor.errors 'cat ../errors' && git config hotfix.monitor.errors.max 10",
        "Is production well? One look is a command, too: here the number of errors in a minute, at most ten.",
    ),
    Step(
        "echo 4 > ../errors; (sleep 1.5; echo 62 > ../errors) & git hotfix monitor --for 5m --every 1s",
        "The first look that fails ends the watch, with the way back ready to be copied.",
        code=1,
        says=("errors failed after", "62 is over the limit of 10", "next: git hotfix rollback v1.4.3"),
    ),
    Step(
        "echo 4 > ../errors && git hotfix monitor --for 2s --every 1s",
        "It was one server that still ran v1.4.2; it is deployed now. Watched again (a real watch takes five minutes):",
        says=("errors passed after",),
    ),
    Step(
        "git hotfix list",
        "Every branch has the fix. What is left is the paper, and nobody has to remember what of it.",
        says=("no hotfix is open", "not verified, not resolved, 5 answers missing", "git hotfix close 4711"),
    ),
    Step(
        "git hotfix mark verified && git hotfix mark resolved",
        "People say what git cannot see: the fault is gone, and the incident is over.",
        says=("verified: ", "resolved: "),
    ),
    Step(
        "git hotfix edit --set summary='The checkout timed out at night; it waits ten seconds now.' "
        "--set impact='One order in five was lost' --set root-cause='The bank needs three seconds at night' "
        "--set solution='Wait ten seconds for the bank' "
        "--set actions='Test slow answers of the bank | test | sprint | Bo | 2030-01-31'",
        "What only people know is asked once, and stands in every document.",
        says=("recorded for hotfix 4711",),
    ),
    Step(
        "git hotfix postmortem --commit",
        "The post-mortem goes to develop: facts from git, answers from people, and gaps where nobody knows.",
        says=("docs/postmortems/v1.4.3.md is on develop",),
    ),
    Step(
        "git hotfix report",
        "The report for everybody else:",
        says=("## Hotfix complete: 4711", "- [x] main (v1.4.3)", "feature/payment has the fix"),
    ),
    Step("git hotfix close && git hotfix list", "Done means done.", says=("Hotfix 4711 is done", "no hotfix is open")),
    Step(
        "git clone -q ../shop.git ../audit && cd ../audit && git hotfix verify v1.4.3",
        "Months later somebody asks what happened that night, and takes nobody's word for it. A fresh clone lacks the "
        "logbooks:",
        code=3,
        says=("the logbook of hotfix 4711 is not in this clone", FETCH_LOGBOOKS),
    ),
    Step(
        f"cd ../audit && {FETCH_LOGBOOKS} && git hotfix verify v1.4.3",
        "With them the whole story can be checked, offline:",
        says=("proof by smoke", "errors failed", "errors passed", "v1.4.3 is what its record says"),
    ),
    Step(
        "cd ../audit && git fast-export refs/hotfix/log/4711 | sed 's/^State: failed/State: passed/' | "
        "git fast-import --quiet --force && git hotfix verify v1.4.3",
        "Here somebody makes the watch that failed one that passed:",
        code=1,
        says=("'monitor errors: failed'", "v1.4.3 is not what its record says"),
    ),
    Step(
        'git hotfix start 4712 -m "receipt shows the wrong total"',
        "And the next hotfix starts where production is now.",
        says=("hotfix/4712 starts at v1.4.3",),
    ),
)
