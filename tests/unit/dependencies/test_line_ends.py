"""A line ends where the tool that reads a manifest ends it: what one line hides from us, another must not hide."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.ecosystems.javascript import READER as JAVASCRIPT
from git_hotfix.dependencies.registry import Manifest, Unreadable, read, read_lock, reader_of

YAML_BREAKS = ["\x85", "\u2028", "\u2029"]


def said(path: str, text: str) -> Manifest:
    reader = reader_of(path)
    assert reader
    return read(reader, path, text.encode())


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        # A carriage return is a blank, and a part of a comment: nothing that follows it opens or closes a block.
        ("go.mod", "module a\nrequire (\n\ta v1 // x\r)\rexclude (\n\tevil v1\n)\n", "evil"),
        ("Gemfile", "# x\r=begin\ngem 'evil'\n# x\r=end\n", "evil"),
        ("Gemfile", "# x\r__END__\ngem 'evil'\n", "evil"),
        ("Podfile", "target 'A' do\n# x\r=begin\n  pod 'evil'\n# x\r=end\nend\n", "evil"),
        (
            "mix.exs",
            "defmodule A do\n  def project, do: [deps: deps()]\n  defp deps do\n    [\n"
            '      # x\r@doc """\n      {:evil, "1"}\n      # x\r"""\n    ]\n  end\nend\n',
            "evil",
        ),
        ("CMakeLists.txt", "# x\r#[[\nfind_package(Evil)\n#]]\n", "evil"),
        ("main.tf", '# x\r/*\nmodule "m" {\n  source = "evil/evil/aws"\n}\n# x\r*/\n', "evil/evil/aws"),
        ("Dockerfile", "FROM a\n# x\rRUN <<EOF\nRUN pip install evil\n# x\rEOF\n", "python:evil"),
        (".gitmodules", '[submodule "a"]\n# x\r[other]\n\turl = https://x.org/evil\n', "x.org/evil"),
        # It ends a line.
        ("setup.cfg", "[options]\n# x\rinstall_requires = evil\n", "evil"),
        ("setup.cfg", "[options]\ninstall_requires =\n  a\r  evil\n", "evil"),
        ("paket.dependencies", "nuget a // x\rnuget evil\n", "evil"),
        ("build.gradle", "dependencies {\n// x\rimplementation 'evil:evil:1'\n}\n", "evil:evil"),
        # So do others.
        *[("Cartfile", f'github "a/b" # x{end}github "evil/evil"\n', "evil/evil") for end in ["\r", *YAML_BREAKS]],
        *[("conanfile.txt", f"[requires]\na/1 # x{end}evil/1\n", "evil") for end in ["\f", "\v", "\r", *YAML_BREAKS]],
    ],
)
def test_a_line_ends_where_its_tool_ends_it(path: str, text: str, name: str) -> None:
    assert name in said(path, text).names


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\n\ufeff"])
def test_lines_of_npm_and_yarn(end: str) -> None:
    """npm's ini splits at `[\\r\\n]+` and trims what JavaScript calls white space; yarn 1 ends a line at either."""
    indexes = said(".npmrc", f"; x{end}registry=https://evil.example/\n").indexes
    assert list(indexes) == ["https://evil.example"]
    if end != "\n\ufeff":
        lines = ["# yarn lockfile v1", "", "a@1:", '  version "1"', '  resolved "https://evil.example/a.tgz"', ""]
        entry = [
            "lockfileVersion: '9.0'",
            "packages:",
            "  # x",
            "  evil@1.0.0:",
            "    resolution: {integrity: sha512-x}",
            "",
        ]
        assert list(read_lock(JAVASCRIPT, "pnpm-lock.yaml", end.join(entry).encode()).names) == ["evil"]
        [one] = read_lock(JAVASCRIPT, "yarn.lock", end.join(lines).encode()).names.values()
        assert (one.source, one.origin) == ("url", "https://evil.example/a.tgz")


@pytest.mark.parametrize("end", YAML_BREAKS)
@pytest.mark.parametrize(
    "path", ["pubspec.yaml", "environment.yml", "docker-compose.yml", "pnpm-workspace.yaml", "Chart.yaml"]
)
def test_a_line_end_that_not_every_reader_of_yaml_takes_is_said(path: str, end: str) -> None:
    """libyaml ends the comment and begins a text of several lines, which js-yaml and Dart read as dependencies."""
    text = f"name: a\ndependencies:\n  # x{end}  note: |\n    evil: 1\n"
    with pytest.raises(Unreadable, match=r"an end of a line that only some tools take for one \(line 3\)"):
        said(path, text)
    assert said("pubspec.yaml", f"name: a\ndescription: '{chr(0xE9)}'\n").own == {"a"}
