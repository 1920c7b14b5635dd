"""300 feature branches of which 7 conflict: 293 merged, 7 reported, exit 4, hotfix branch kept, nothing twice."""

from __future__ import annotations

import pytest
from building import APP, FIX, Project

CLASH = APP.replace("value_15 = 15", "value_15 = 0")
COUNT, CLASHES = 300, 7


def features(project: Project) -> None:
    """Feature branches on the remote, written in one go: each adds a file, the first seven change the fixed line."""
    base = project.remote.tip("develop")
    stream = []
    for number in range(COUNT):
        when = project.dates.next()
        files = {f"feature-{number}.txt": f"{number}\n", **({"app.py": CLASH} if number < CLASHES else {})}
        stream.append(f"commit refs/heads/feature/{number:03d}\ncommitter Bob <bob@example.org> {when}\n"
                      f"data 3\nadd\nfrom {base}\n")  # fmt: skip
        stream += [f"M 100644 inline {path}\ndata {len(text)}\n{text}\n" for path, text in files.items()]
    project.remote.git("fast-import", "--quiet", stdin="".join(stream))


@pytest.mark.slow
def test_three_hundred_features(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    features(fixed)
    before = remote.branches()
    names = [f"feature/{number:03d}" for number in range(COUNT)]
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 4, answer.err
    result = answer.targets
    assert {name for name in names if result[name] == ("merge", "conflict")} == set(names[:CLASHES])
    assert {name for name in names if result[name] == ("merge", "merged")} == set(names[CLASHES:])
    assert answer.json["next"] == [f"git hotfix backport 4711 --resolve {name}" for name in names[:CLASHES]]
    after = remote.branches()
    assert all(after[name] == before[name] for name in names[:CLASHES])
    merged = names[CLASHES:]
    rows = remote.git("for-each-ref", "--format=%(refname:lstrip=2) %(parent)", *(f"refs/heads/{n}" for n in merged))
    tip = clone.tip("hotfix/4711")
    assert dict(row.split(" ", 1) for row in rows.splitlines()) == {name: f"{before[name]} {tip}" for name in merged}
    assert remote.tree("feature/299") == {**remote.tree(before["feature/299"]), "app.py": FIX}
    assert "hotfix/4711" in clone.branches()
    assert not [
        ref for ref in clone.refs("refs/hotfix/") if not ref.startswith(("refs/hotfix/log/", "refs/hotfix/remote"))
    ]

    again = clone.hotfix("finish", "--format", "json")
    assert again.code == 4
    assert remote.branches() == after
    assert sum(status == "already" for _, status in again.targets.values()) == COUNT - CLASHES + 4
