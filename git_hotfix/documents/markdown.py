"""Any text as Markdown that shows it and does nothing else: it makes no heading, table, tick or HTML, mentions nobody
and closes no issue.

Two kinds of text: plain (commits, branches, issues, output: every sign of Markdown is shown as it is) and said
(answers of people: emphasis, code, lists and links to http and https stay, the rest is shown as it is).

The dialect is GitHub Flavored Markdown 0.29 (CommonMark 0.29 with tables, strikethrough, task lists and autolinks).
What forges do with text afterwards is theirs: mentions `@name`, references `#1`, `!1`, `&1`, `GH-1`, words that close
an issue (GitHub: "Linking a pull request to an issue"; GitLab: the default of `issue_closing_pattern`), and GitLab's
quick actions, a line that begins with `/word`. They look at text without its markup, so a backslash does not stop
them; a space of no width between the letters does, and as `&#8203;` it can be seen in the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from git_hotfix.model.frozen import frozen
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.report.streams import safe

BREAK = "&#8203;"
_MARK = "\ufdd0"  # stands where BREAK goes until the line is whole; Unicode reserves it, and `clean` lets none through
_RESERVED = late_pattern("[\ufdd0-\ufdef]")
_SIGNS = late_pattern(r"[\\`*\[\]<~|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|(?<=--)>|(?<=--!)>")
_CLOSING_WORD = r"\b(clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?)"
_NUMBERED = r"[^\s#!&]{0,200}[#!&](?=\d)|GH-(?=\d)|[A-Z][A-Z0-9_]{0,30}-(?=\d)"
_TO_MARK = late_pattern(
    _CLOSING_WORD
    + rf"(?=[^\w#!&]{{1,9}}(?:issues?\s+)?(?:https?://|{_NUMBERED}))|(?<!\w)GH-(?=\d)|@(?=\w|$)|#(?=\d|$)|[!&](?=\d)",
    re.IGNORECASE,
)
_TO_PART = late_pattern(_CLOSING_WORD + rf"([^\w#!&]{{1,9}}(?:issues?\s+)?(?:https?:|{_NUMBERED}))", re.IGNORECASE)
_JOIN_BEFORE, _JOIN_AFTER = late_pattern(r"[\w@#!&-]"), late_pattern(r"\w|-\d")
_ADDRESS = late_pattern(r"\bhttps?://[^\s<>\"'`\\|\[\]]+", re.IGNORECASE)
_BLOCK_START = late_pattern(
    r"#{1,6}(?=\s|$)|[-+](?=[-+\s=]|$)|=(?==*\s*$)|>|:(?=-)|/(?=[A-Za-z])|\d{1,9}(?=[.)](?:\s|$))"
)
_LAST_HASHES = late_pattern(r"(?<!\S)#(?=#*$)")
_FENCE = late_pattern(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)")
_ITEM = late_pattern(r"( *)(?:[-*+]|(\d{1,9})[.)]) +(\S.*)")
_SAID = late_pattern(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?P<inside>.+?)(?<!`)(?P=ticks)(?!`))"
    r"|(?P<image>!?)\[(?P<shown>[^\[\]`<>]+)\]\((?P<target>https?://[^\s()<>|]+)\)"
    r"|(?P<address>\bhttps?://[^\s<>\"'`\\|\[\]]+)"
    r"|\*\*(?P<strong>(?![\s*])[^*]+(?<!\s))\*\*(?!\*)"
    r"|\*(?P<emphasis>(?![\s*])[^*]+(?<!\s))\*(?!\*)",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """`text` with `\\n` for every end of a line, blanks for tabs, and every control, bidi or invisible character as a
    visible escape."""
    shown = safe(text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4))
    return shown if shown.isascii() else _RESERVED.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)


@frozen
class Spot:
    """Where on a line a text goes. `begins`: nothing but marks of blocks stands before it; `cell`: in a table;
    `links`: addresses of http and https may be followed (not inside the words of a link); `strong`: inside emphasis
    that the template has begun."""

    begins: bool = False
    cell: bool = False
    links: bool = True
    strong: bool = False


ANYWHERE = Spot()
_BEGINS = Spot(begins=True)


def plain(text: str, spot: Spot = ANYWHERE) -> str:
    """`text` on one line, every sign shown as it is."""
    return _line(_marked(text), spot, _plain)


def said(text: str, spot: Spot = ANYWHERE) -> str:
    """An answer of people on one line: emphasis, code and links stay, the rest is shown as it is."""
    return _line(_marked(text), spot, _said)


def plain_block(text: str) -> str:
    """`text` as paragraphs, every sign shown as it is; one blank line between them."""
    lines: list[str] = []
    for line in _marked(text).split("\n"):
        if line.strip():
            lines.append(_line(line, _BEGINS, _plain))
        elif lines and lines[-1]:
            lines.append("")
    return "\n".join(lines).rstrip("\n")


def said_block(text: str) -> str:
    """An answer of people as paragraphs, lists and code blocks. Bullets become `*` and numbers `1)`, so that a list of
    the template (`-`, `1.`) beside it stays a list of its own; a code block that is left open is closed."""
    lines: list[str] = []
    levels: list[tuple[int, int]] = []
    rest = iter(_marked(text).split("\n"))
    for line in rest:
        if fence := _FENCE.match(line):
            levels.clear()
            lines += _fenced(fence, rest)
        elif item := _ITEM.match(line):
            lines.append(_item(item, levels))
        elif line.strip():
            levels.clear()
            lines.append(_line(line, _BEGINS, _said))
        elif lines and lines[-1]:
            lines.append("")
    return "\n".join(lines).rstrip("\n")


def code_span(text: str, *, cell: bool = False) -> str:
    """`text` as a code span with its backticks, one more than its longest run of them."""
    shown = _code(" ".join(clean(text).split()))
    ticks = "`" * (longest_run(shown, "`") + 1)
    pad = " " if shown[:1] == "`" or shown[-1:] == "`" or not shown else ""
    return ticks + pad + (shown.replace("|", "\\|") if cell else shown) + pad + ticks


def inside_code_span(text: str, *, cell: bool = False) -> str:
    """`text` for a code span that the template began together with other words: its backticks become `'`."""
    shown = _code(" ".join(clean(text).split())).replace("`", "'")
    return shown.replace("|", "\\|") if cell else shown


def code_block(text: str) -> str:
    """`text` as the lines of a code block, whose fence has to be longer than `longest_run` of it."""
    return _code(clean(text)).rstrip("\n")


def longest_run(text: str, sign: str) -> int:
    """The length of the longest run of `sign` in `text`."""
    return max((len(run) for run in re.findall(f"{re.escape(sign)}+", text)), default=0)


def link_target(address: str) -> str:
    """`address` for the round brackets of a link; `#` where it is not one of http or https."""
    shown = clean(address).strip()
    if not re.fullmatch(r"https?://\S+", shown, re.IGNORECASE):
        return "#"
    return re.sub(r"[()<>\[\]\\|`\"'*]", lambda found: f"%{ord(found[0]):02X}", shown)


def joins(before: str, after: str) -> bool:
    """True where two texts that meet may be a mention, a reference or a word that neither is by itself."""
    return bool(_JOIN_BEFORE.search(before[-1:]) and _JOIN_AFTER.match(after))


def _marked(text: str) -> str:
    """`text` with a mark wherever a forge may take it for more: in a word that closes issues after its first letter,
    after the sign of a reference or mention. The number may stand on the next line."""
    return _TO_MARK.sub(
        lambda found: f"{found[0][0]}{_MARK}{found[0][1:]}" if found[1] else f"{found[0]}{_MARK}", clean(text)
    )


def _line(marked: str, spot: Spot, escape: Callable[[str, Spot], str]) -> str:
    shown = _LAST_HASHES.sub(r"\\#", escape(" ".join(marked.split()), spot))
    if spot.begins and (found := _BLOCK_START.match(shown)):
        begin = f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"
        shown = begin + shown[found.end() :]
    return shown.replace(_MARK, BREAK)


def _plain(line: str, spot: Spot) -> str:
    done, shown = 0, []
    for found in _ADDRESS.finditer(line):
        address = _without_tail(found[0])
        shown += [_words(line[done : found.start()]), _address(address, spot)]
        done = found.start() + len(address)
    return "".join([*shown, _words(line[done:])])


def _said(line: str, spot: Spot) -> str:
    done, shown = 0, []
    for found in _SAID.finditer(line):
        before = line[done : found.start()]
        # An address takes the signs after it along, so that the ! of an image may stand in front of this match.
        is_image = bool(found["shown"]) and spot.links and (bool(found["image"]) or before.endswith("!"))
        shown.append(_words(before.removesuffix("!") if is_image else before))
        done = found.end()
        if found["code"]:
            shown.append(code_span(found["inside"].replace(_MARK, ""), cell=spot.cell))
        elif found["shown"] and spot.links:
            words = _plain(found["shown"], Spot(links=False))
            image = f"\\!{_MARK}" if is_image else ""
            shown.append(f"{image}[{words}]({link_target(found['target'].replace(_MARK, ''))})")
        elif found["address"]:
            address = _without_tail(found["address"])
            done = found.start() + len(address)
            shown.append(_address(address, spot))
        elif (inside := found["strong"] or found["emphasis"]) and not spot.strong:
            sign = "**" if found["strong"] else "*"
            words = _said(inside, Spot(cell=spot.cell, links=spot.links, strong=True))
            # A forge reads the text without these signs: what stands on both sides of one meets.
            begin = _MARK if joins(line[: found.start()], inside) else ""
            end = _MARK if joins(inside, line[done:]) else ""
            shown.append(f"{begin}{sign}{words}{sign}{end}")
        else:
            shown.append(_plain(found[0], spot))
    return "".join([*shown, _words(line[done:])])


def _words(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", text)


def _address(address: str, spot: Spot) -> str:
    """An address that may be followed, or its words without a link."""
    if spot.links:
        return f"<{address.replace(_MARK, '')}>"
    return _words(address).replace(":", "&#58;", 1)


def _without_tail(address: str) -> str:
    """An address without the signs of the sentence that it ends."""
    bare = address.rstrip(".,;:!?*_~" + _MARK)
    return bare.rstrip(")") if bare.count(")") > bare.count("(") else bare


def _code(text: str) -> str:
    """Text of code, in which no entity can be written: a reference that a word before it would close gets a blank."""
    return _TO_PART.sub(r"\1\2 ", text)


def _item(item: re.Match[str], levels: list[tuple[int, int]]) -> str:
    """A line of a list. `levels` are the lists that it may stand in: how far each was and is indented."""
    indent, number, words = item.groups()
    while levels and len(indent) < levels[-1][0] + 2:
        levels.pop()
    sign = f"{number})" if number else "*"
    place = levels[-1][1] if levels else 0
    levels.append((len(indent), place + len(sign) + 1))
    return f"{' ' * place}{sign} {_line(words, _BEGINS, _said)}"


def _fenced(fence: re.Match[str], rest: Iterator[str]) -> list[str]:
    """A code block of people, to its end or the end of the answer."""
    sign, inside = fence[1], list[str]()
    for line in rest:
        if re.fullmatch(rf" {{0,3}}{re.escape(sign)}{re.escape(sign[0])}* *", line):
            break
        inside.append(line)
    inside = _code("\n".join(inside).replace(_MARK, "")).split("\n") if inside else []
    ticks = "`" * max(3, longest_run("\n".join(inside), "`") + 1)
    language = re.match(r"\s*([\w+#.-]{0,20})(?=\s|$)", fence[2])
    return [f"{ticks}{language[1] if language else ''}", *inside, ticks]
