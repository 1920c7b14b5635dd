"""How a target merges its files is said in its own `.gitattributes`, in whatever folder they stand."""

from __future__ import annotations

from building import Project

WANTED = "# notes\n- of the feature\n- of the fix\n"


def test_attributes_of_a_folder_hold_for_it(project: Project) -> None:
    clone, remote = project.clone, project.remote
    clone.git("switch", "-q", "main")
    clone.commit("notes", {"docs/notes.txt": "# notes\n", "other/notes.txt": "# notes\n"})
    clone.git("push", "-q", "origin", "main")
    clone.tag("v1.4.3")
    theirs = dict.fromkeys(("docs/notes.txt", "other/notes.txt"), "# notes\n- of the feature\n")
    union = {"docs/.gitattributes": "*.txt merge=union\n", "docs/notes.txt": theirs["docs/notes.txt"]}
    clone.branch("feature/union", "v1.4.3", "notes", union)
    clone.branch("feature/plain", "v1.4.3", "notes", {"docs/notes.txt": theirs["docs/notes.txt"]})
    clone.branch("feature/beside", "v1.4.3", "notes", {"docs/.gitattributes": union["docs/.gitattributes"], **theirs})
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix", dict.fromkeys(theirs, "# notes\n- of the fix\n"))
    answer = clone.hotfix("finish", "--format", "json")
    found = {each["ref"].rpartition("/")[2]: (each["status"], [conflict["path"] for conflict in each["conflicts"]])
             for each in answer.json["targets"] if each["ref"].endswith(("union", "plain", "beside"))}  # fmt: skip
    assert (answer.code, found) == (4, {
        "union": ("merged", []),
        "plain": ("conflict", ["docs/notes.txt"]),
        "beside": ("conflict", ["other/notes.txt"]),
    }), answer.err  # fmt: skip
    assert remote.tree("feature/union")["docs/notes.txt"] == WANTED
