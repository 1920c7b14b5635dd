"""What can go wrong in a way that a user can mend, and the exit codes that scripts rely on."""

import contextlib
from collections.abc import Iterator
from enum import IntEnum

UNCHANGED = "nothing was changed"
NOT_RECORDED = "nothing was recorded"


class ExitCode(IntEnum):
    """The exit codes of every command; a contract (PRODUCT, "Commands")."""

    DONE = 0
    REFUSED = 1  # a gate refused
    USAGE = 2  # wrong usage or configuration, a refused start
    FAILED = 3  # git, the remote or the environment failed; lock held, tag taken, lease lost for good
    OPEN = 4  # stopped for a human: conflicts or a pull request left, partly done
    BUG = 70
    INTERRUPTED = 130


class Failure(Exception):
    """An expected failure: what was wrong, what was left unchanged, and the command that helps.

    `message` is one line without a full stop. `unchanged` says what the run did not touch; what was used wrongly or
    refused changed nothing, and says so by itself.
    `hint` is the next command or decision, possibly several lines.
    """

    def __init__(self, message: str, *, hint: str = "", code: ExitCode = ExitCode.FAILED, unchanged: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code
        self.unchanged = unchanged or (UNCHANGED if code in (ExitCode.USAGE, ExitCode.REFUSED) else "")


def not_recorded(message: str, hint: str) -> Failure:
    """What a command that records something was used wrongly for: exit 2."""
    return Failure(message, hint=hint, code=ExitCode.USAGE, unchanged=NOT_RECORDED)


@contextlib.contextmanager
def nothing_changed() -> Iterator[None]:
    """While a run only looks and prepares, whatever fails says that nothing was changed; a full disk too."""
    try:
        yield
    except Failure as failure:
        failure.unchanged = failure.unchanged or UNCHANGED
        raise
    except BrokenPipeError:
        raise
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        raise Failure(
            f"the operating system refused: {error.strerror or error}{place}",
            hint="fix that, then run the same command again: it continues where this one stopped",
            unchanged=UNCHANGED,
        ) from error
