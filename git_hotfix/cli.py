"""argv in, exit code out: the one place where a command is called and where errors end."""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import NoReturn

from git_hotfix import __version__
from git_hotfix.commands import COMMANDS, GROUPS, WHEN, parser_of
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.model.frozen import replace
from git_hotfix.report.streams import Streams


def overview() -> str:
    """What `git hotfix` alone says: the commands by group, the emergency first."""
    lines = ["git hotfix: an emergency production fix, from page to propagated", ""]
    for group in GROUPS:
        rows = [f"  git hotfix {each.name:<11} {each.summary}" for each in COMMANDS if each.group == group]
        lines += [f"{group}:", *rows, ""] if rows else []
    lines.append("git hotfix <command> -h explains one; git hotfix --help opens the manual.")
    return "\n".join(lines)


def _complete_colour(words: Sequence[str]) -> list[str]:
    """`--color` may stand alone, as it may for git; argparse would take what follows for its value."""
    found = []
    for word, following in itertools.zip_longest(words, words[1:]):
        found.append("--color=always" if word == "--color" and following not in WHEN else word)
        if word == "--":
            return [*found, *words[len(found) :]]
    return found


def _colour_setting() -> Callable[[bool], bool]:
    """What git's own configuration says, for a terminal or for none: color.hotfix, else color.ui; asked only where
    something is shown."""

    @functools.cache
    def colours(terminal: bool) -> bool:
        from pathlib import Path

        from git_hotfix.git.run import Git

        words = ("config", "--get-colorbool", "color.hotfix", str(terminal).lower())
        answer = Git(Path.cwd(), {}, ()).run(*words, check=False)
        return answer.text == "true"

    return colours


# Containers that are made before Python looks for garbage among them. A command on one line of code makes 100,000,
# nearly all of them for modules, and lives for a fifth of a second: to look through them again and again took 4 % of
# that, and to do it once more at the end, where all of them go, 10 %.
YOUNG = 200_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every error ends here."""
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    try:
        return _run_to_end(argv)
    finally:
        gc.freeze()


def _run_to_end(argv: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    streams = Streams.standard()
    try:
        try:
            with _orderly_end():
                return int(_run(words, streams))
        except Failure as failure:
            _explain(failure, words, streams)
            return int(failure.code)
        finally:
            streams.stdout.flush()
    except KeyboardInterrupt:
        _last_words(streams, "interrupted; the same command again goes on where this one stopped")
        return int(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.INTERRUPTED)
    except OSError as error:
        said = f"the operating system refused: {error.strerror or error}" + (
            f": {error.filename}" if error.filename else ""
        )
        hint = "fix that, then run the same command again: it continues where this one stopped"
        if _wants_json(words):
            from git_hotfix.report import as_json

            with contextlib.suppress(OSError):  # stdout may be what cannot be written
                streams.raw(as_json.failure(words[0], ExitCode.FAILED, said, "", hint))
                streams.stdout.flush()
        _last_words(streams, f"git hotfix: {said}", f"  → {hint}")
        return int(ExitCode.FAILED)
    except Exception as error:
        return _bug(error, streams)


# What a supervisor sends, and a terminal that goes away. Their default is to die at once, and to leave the lock, the
# scratch directory and a git at work behind.
_ENDING = (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))


@contextlib.contextmanager
def _orderly_end() -> Iterator[None]:
    """Within, a signal that ends the process ends it as Ctrl-C does; one that is ignored (nohup) stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = [number for number in dict.fromkeys(_ENDING) if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # a second one does not stop the tidying up
    raise KeyboardInterrupt


def _last_words(streams: Streams, *lines: str) -> None:
    """Say `lines`; where stderr is what cannot be written (its terminal is gone, the disk full), the exit code has to
    do, and Python must not fail at it once more on its way out."""
    try:
        for line in lines:
            streams.say(line)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _run(words: list[str], streams: Streams) -> ExitCode:
    if not words or words[0] in ("-h", "--help", "help"):
        streams.out(overview())
        return ExitCode.DONE if words else ExitCode.USAGE
    if words[0] in ("--version", "-V"):
        streams.out(f"git-hotfix {__version__}")
        return ExitCode.DONE
    command = next((each for each in COMMANDS if each.name == words[0]), None)
    if command is None:
        from git_hotfix.report.nearest_command import nearest_commands

        hint = "\n".join(nearest_commands(words[0], [each.name for each in COMMANDS if each.group]))
        raise Failure(f"{words[0]!r} is not a git hotfix command", hint=hint, code=ExitCode.USAGE)
    try:
        arguments = parser_of(command).parse_args(_complete_colour(words[1:]))
    except SystemExit as end:  # argparse's own -h
        return ExitCode.DONE if not end.code else ExitCode.USAGE
    streams = replace(streams, colouring=arguments.color, verbose=arguments.verbose, colour_setting=_colour_setting())
    code = importlib.import_module(f"git_hotfix.commands.{command.module}").run(arguments, streams)
    assert isinstance(code, ExitCode)
    return code


def _with_command(hint: str, words: Sequence[str]) -> str:
    """`hint` with what was typed for `<command>`, which an issue follows: behind `--issue` where the command takes it
    so."""
    if "<command>" not in hint or not words:
        return hint
    import shlex

    command = next(each for each in COMMANDS if each.name == words[0])
    by_option = any("--issue" in action.option_strings for action in parser_of(command)._actions)
    return hint.replace("<command>", f"{shlex.join(words)} --issue" if by_option else words[0])


def _explain(failure: Failure, words: Sequence[str], streams: Streams) -> None:
    # Whatever git says, the doctor knows more of the clone.
    hint = _with_command(failure.hint or "git hotfix doctor", words)
    if _wants_json(words):
        from git_hotfix.report import as_json

        streams.raw(as_json.failure(words[0], failure.code, failure.message, failure.unchanged, hint))
    streams.say(f"git hotfix: {failure.message}")
    if failure.unchanged:
        streams.say(f"  ({failure.unchanged})")
    for line in hint.splitlines():
        streams.say(f"  → {line}")


def _wants_json(words: Sequence[str]) -> bool:
    if any(word == "--output" or word.startswith("--output=") for word in words):
        return False  # the format goes to a file, what is on stdout is for people
    return "--format=json" in words or any(a == "--format" and b == "json" for a, b in itertools.pairwise(words))


def _bug(error: Exception, streams: Streams) -> int:
    """A bug says so and shows where; nothing is written to disk."""
    import traceback

    from git_hotfix.model.redact import without_secrets

    trace = "".join(traceback.format_exception(error))
    streams.say(without_secrets(trace))
    streams.say("git hotfix: this is a bug in git-hotfix; the lines above say where")
    return int(ExitCode.BUG)


if __name__ == "__main__":
    sys.exit(main())
