"""The footer of a commit message: whether its last paragraph is one of trailers, by git's own rules."""

from __future__ import annotations

from git_hotfix.model.late_pattern import late_pattern

_OWN = ("Signed-off-by: ", "(cherry picked from commit ")  # what git writes itself; one of them is enough (trailer.c)
_TRAILER = late_pattern(r"[A-Za-z0-9-]+[ \t]*:")


def has_footer(message: str) -> bool:
    """True when `message` ends in trailers, so that one more goes right below them (git's find_trailer_start).

    Its first paragraph is its title and no footer. A paragraph that git wrote a trailer into may hold prose, up to
    three lines a trailer; any other must hold none.
    """
    lines = message.rstrip().split("\n")
    # git takes a line that begins with # for a comment here, whatever becomes of it later.
    title = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    trailers = prose = loose = 0
    own = False
    for line in reversed(lines[title:]):
        if line.startswith("#"):
            continue
        if not line.strip():
            prose += loose
            return (own and trailers * 3 >= prose) or (trailers > 0 and prose == 0)
        if line.startswith(_OWN):
            own, trailers, loose = True, trailers + 1, 0
        elif _TRAILER.match(line):
            trailers, loose = trailers + 1, 0
        elif line[0].isspace():
            loose += 1
        else:
            prose, loose = prose + 1 + loose, 0
    return False
