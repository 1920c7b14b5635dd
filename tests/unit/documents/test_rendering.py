"""A rendering is kept in the logbook and read back for ever."""

from __future__ import annotations

import pytest

from git_hotfix.documents.rendering import Part, Rendering

RENDERING = Rendering((Part(None, "# Hotfix "), Part("tag", "v1.4.2 \u2713"), Part(None, "\n"), Part("why", "", True)))


def test_the_document_is_its_parts_together() -> None:
    assert RENDERING.text == "# Hotfix v1.4.2 \u2713\n"
    assert RENDERING.values == {"tag": "v1.4.2 \u2713", "why": ""}


def test_it_is_read_as_it_was_written() -> None:
    assert Rendering.from_bytes(RENDERING.to_bytes()) == RENDERING
    assert RENDERING.to_bytes() == (
        b'{\n"parts": [\n[\n"# Hotfix "\n],\n[\n"tag",\n"v1.4.2 \\u2713"\n],\n[\n"\\n"\n],\n'
        b'[\n"why",\n"",\n"said"\n]\n],\n"schema": 1\n}\n'
    )


@pytest.mark.parametrize(
    "content",
    [
        b"", b"# Hotfix", b"[]", b"null", b'{"schema": 2, "parts": []}', b'{"parts": []}', b'{"schema": 1}', b"\xff",
        b'{"schema": 1, "parts": [[]]}', b'{"schema": 1, "parts": [["a", "b", "c"]]}',
        b'{"schema": 1, "parts": [["a", 1]]}', b'{"schema": 1, "parts": [["a", "b", "said", "d"]]}',
        b'{"schema": 1, "parts": 7}', b'{"schema": 1, "parts": ["ab"]}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_rendering_of_this_schema_is_none(content: bytes) -> None:
    assert Rendering.from_bytes(content) is None
