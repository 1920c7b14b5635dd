""".NET: every form, whole results."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.dotnet import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read, read_lock


def manifest(path: str, content: str | bytes) -> Manifest:
    return read(READER, path, content if isinstance(content, bytes) else content.encode())


def table(*declared: Declared) -> dict[str, Declared]:
    return {each.name: each for each in declared}


def place(name: str, path: str, line: int) -> Declared:
    return Declared(name, "", "path", line=line, origin=path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("App.csproj", True), ("src/Lib.fsproj", True), ("Lib.vbproj", True), ("Directory.Build.props", True),
        ("Directory.Packages.props", True), ("build/x.targets", True), ("packages.config", True),
        ("NuGet.Config", True), ("nuget.config", True), (".config/dotnet-tools.json", True), ("global.json", True),
        ("paket.dependencies", True), ("paket.references", False), ("App.sln", False), ("packages.lock.json", False),
        ("web.config", False), ("App.cs", False),
    ],
)  # fmt: skip
def test_which_files_are_read(path: str, expected: bool) -> None:
    assert READER.is_manifest(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"), [("a/packages.lock.json", True), ("paket.lock", True), ("package-lock.json", False)]
)
def test_which_files_are_locks(path: str, expected: bool) -> None:
    assert READER.is_lock(path) is expected


PROJECT = """\
<Project Sdk="Microsoft.NET.Sdk;Acme.Sdk/2.1">
  <PropertyGroup>
    <PackageId>Acme.App</PackageId>
    <JsonVersion>13.$(Minor).3</JsonVersion>
    <Minor>0</Minor>
    <Several Condition="'$(TargetFramework)' == 'net6.0'">6</Several>
    <Several Condition="'$(TargetFramework)' == 'net8.0'">8</Several>
    <RestoreAdditionalProjectSources>$(RestoreAdditionalProjectSources);https://feed.example.org/v3/index.json</RestoreAdditionalProjectSources>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Newtonsoft.Json" Version="$(jsonversion)" />
    <PackageReference Include="Serilog;Serilog.Sinks.Console" VersionOverride="[3.0,4.0)" Version="1" />
    <PackageReference Include="With.Child"><Version>$(Several)</Version></PackageReference>
    <PackageReference Include="Analyzer" Version="1"><PrivateAssets>all</PrivateAssets></PackageReference>
    <PackageReference Include="Source.Link" Version="1" PrivateAssets="All" />
    <PackageReference Update="FSharp.Core" Version="8.0.0" />
    <PackageReference Remove="Gone" />
    <PackageReference Include="@(Computed)" />
    <PackageReference Include="$(AlsoComputed)" />
    <PackageReference Include="Partly.$(Unknown)" />
    <ProjectReference Include="..\\Lib\\Acme.Lib.csproj" />
    <Reference Include="System.Xml" />
    <Reference Include="Old.Lib, Version=1.0.0.0"><HintPath>..\\libs\\Old.Lib.dll</HintPath></Reference>
  </ItemGroup>
  <ItemGroup Condition="'$(TargetFramework)' == 'net6.0'">
    <PackageReference Include="System.Memory" Version="4.5.4" />
  </ItemGroup>
  <Choose><When Condition="'$(TargetFramework)' == 'net8.0'"><ItemGroup>
    <PackageReference Include="System.Memory" Version="4.5.5" />
  </ItemGroup></When></Choose>
  <Import Project="Sdk.targets" Sdk="Acme.Other" Version="3" />
</Project>
"""


def test_project() -> None:
    assert manifest("src/App.csproj", PROJECT) == Manifest(
        names=table(
            Declared("acme.sdk", "2.1", scope="build", line=1),
            Declared("acme.other", "3", scope="build", line=31),
            Declared("newtonsoft.json", "13.0.3", line=11),
            Declared("serilog", "[3.0,4.0)", line=12),
            Declared("serilog.sinks.console", "[3.0,4.0)", line=12),
            Declared("with.child", "$(Several)", line=13),
            Declared("analyzer", "1", scope="build", line=14),
            Declared("source.link", "1", scope="build", line=15),
            Declared("partly.$(unknown)", line=20),
            Declared("system.memory", "4.5.4", line=26),
        ),
        own=frozenset({"app", "acme.app"}),
        dynamic=frozenset({"PackageReference @(Computed)", "PackageReference $(AlsoComputed)"}),
        local=table(place("acme.lib", "../Lib/Acme.Lib.csproj", 21), place("old.lib", "../libs/Old.Lib.dll", 23)),
        indexes={"https://feed.example.org/v3/index.json": 8},
        pins=table(Declared("fsharp.core", "8.0.0", line=16)),
    )


def test_the_same_package_under_another_target_framework_is_no_new_name() -> None:
    before = '<Project><ItemGroup><PackageReference Include="A" Version="1"/></ItemGroup></Project>'
    after = before.replace("</Project>", '<ItemGroup><PackageReference Include="a" Version="2"/></ItemGroup></Project>')
    assert manifest("a.csproj", after) == manifest("a.csproj", before)


CENTRAL = """\
<Project>
  <PropertyGroup><Aspire>9.0.0</Aspire></PropertyGroup>
  <ItemGroup>
    <PackageVersion Include="Aspire.Hosting" Version="$(Aspire)" />
    <PackageVersion Include="Transitive.Pin" Version="1" />
    <GlobalPackageReference Include="Style.Analyzer" Version="2" />
  </ItemGroup>
</Project>
"""


def test_central_packages_are_pins() -> None:
    assert manifest("Directory.Packages.props", CENTRAL) == Manifest(
        names=table(Declared("style.analyzer", "2", scope="build", line=6)),
        pins=table(Declared("aspire.hosting", "9.0.0", line=4), Declared("transitive.pin", "1", line=5)),
    )


@pytest.mark.parametrize(
    ("path", "scope"),
    [("App.Tests.csproj", "development"), ("AppTest.csproj", "development"), ("Contest.csproj", "runtime")],
)
def test_what_a_test_project_needs_is_for_development(path: str, scope: str) -> None:
    content = '<Project><ItemGroup><PackageReference Include="a"/></ItemGroup></Project>'
    assert manifest(path, content).names["a"].scope == scope


def test_parts_of_a_project_that_are_none() -> None:
    assert manifest("log4j.props", b"a=1") == Manifest()
    assert manifest("log4j.props", b"<properties/>") == Manifest()
    for content in (b"a=1", b"<properties/>"):
        with pytest.raises(Unreadable):
            manifest("a.csproj", content)
    with pytest.raises(Unreadable, match="it has a DTD"):
        manifest("a.props", b"<!DOCTYPE a []><Project/>")


PACKAGES = """\
<?xml version="1.0" encoding="utf-8"?>
<packages>
  <package id="EntityFramework" version="6.4.4" targetFramework="net48" />
  <package id="StyleCop" version="4.7" developmentDependency="true" />
</packages>
"""


@pytest.mark.parametrize(
    "content", [PACKAGES.encode("utf-8-sig"), PACKAGES.replace("utf-8", "utf-16").encode("utf-16")]
)
def test_packages_config(content: bytes) -> None:
    assert manifest("packages.config", content.replace(b"\n", b"\r\n") if content[0] == 0xEF else content) == Manifest(
        table(Declared("entityframework", "6.4.4", line=3), Declared("stylecop", "4.7", scope="development", line=4))
    )


SOURCES = """\
<configuration>
  <packageSources>
    <clear />
    <add key="nuget.org" value="https://api.nuget.org/v3/index.json" />
    <add key="acme" value="https://user:secret@feed.example.org/v3/index.json" />
    <add key="local" value="..\\packages" />
    <add key="off" value="https://off.example.org" />
  </packageSources>
  <disabledPackageSources><add key="off" value="true" /></disabledPackageSources>
  <packageSourceCredentials><acme><add key="ClearTextPassword" value="secret" /></acme></packageSourceCredentials>
</configuration>
"""


def test_nuget_config() -> None:
    assert manifest("NuGet.Config", SOURCES) == Manifest(
        indexes={"https://feed.example.org/v3/index.json": 5, "../packages": 6}
    )


def test_tools_and_sdks() -> None:
    tools = '{"version": 1, "tools": {\n"dotnet-EF": {"version": "8.0.8", "commands": ["dotnet-ef"]}}}'
    assert manifest(".config/dotnet-tools.json", tools) == Manifest(
        table(Declared("dotnet-ef", "8.0.8", scope="development", line=2))
    )
    sdks = '{"sdk": {"version": "8.0.100"},\n"msbuild-sdks": {"Acme.Sdk": "1.2"}}'
    assert manifest("global.json", sdks) == Manifest(table(Declared("acme.sdk", "1.2", scope="build", line=2)))
    assert manifest("i18n/global.json", b"[1] // not ours") == Manifest()


def test_packages_lock() -> None:
    document = {
        "version": 1,
        "dependencies": {
            "net8.0": {
                "Serilog": {"type": "Direct", "requested": "[3, )", "resolved": "3.1.1", "contentHash": "x"},
                "System.Text.Json": {"type": "Transitive", "resolved": "8.0.0"},
                "acme.lib": {"type": "Project", "dependencies": {"Serilog": "[3, )"}},
            },
            "net8.0/linux-x64": {"Native": {"type": "Transitive", "resolved": "1"}},
        },
    }
    content = json.dumps(document, indent=1).encode()
    assert read_lock(READER, "packages.lock.json", content) == Manifest(
        names=table(
            Declared("serilog", "3.1.1", line=5),
            Declared("system.text.json", "8.0.0", line=11),
            Declared("native", "1", line=23),
        ),
        local=table(Declared("acme.lib", "", "path", line=15, origin="acme.lib")),
    )


PAKET = """\
version 5.257.0
source https://api.nuget.org/v3/index.json
source https://feed.example.org/v3/index.json username: "u" password: "secret"
framework: net8.0
nuget FSharp.Core ~> 8.0 redirects: force // why
nuget Newtonsoft.Json >= 13 < 14
# nuget commented
github fsprojects/FSharp.Data:main src/Net.fs
git https://github.com/Acme/Tools.git v1.2
git file:///c/local
http https://example.org/a.fs
clitool dotnet-fable 1.3
group Test
  nuget Expecto
group Build
  nuget FAKE
"""


def test_paket_dependencies() -> None:
    data, tools = "https://github.com/fsprojects/FSharp.Data", "https://github.com/Acme/Tools"
    assert manifest("paket.dependencies", PAKET) == Manifest(
        names=table(
            Declared("fsharp.core", "~> 8.0", line=5),
            Declared("newtonsoft.json", ">= 13 < 14", line=6),
            Declared("fsprojects/fsharp.data", "main", "git", line=8, origin=data),
            Declared("github.com/acme/tools", "v1.2", "git", line=9, origin=tools),
            Declared("example.org/a.fs", "", "url", line=11, origin="https://example.org/a.fs"),
            Declared("dotnet-fable", "1.3", scope="build", line=12),
            Declared("expecto", scope="development", line=14),
            Declared("fake", scope="build", line=16),
        ),
        local=table(Declared("file:///c/local", "", "path", line=10, origin="file:///c/local")),
        indexes={"https://feed.example.org/v3/index.json": 3},
    )


PAKET_LOCK = """\
REDIRECTS: ON
NUGET
  remote: https://api.nuget.org/v3/index.json
    FSharp.Core (8.0.100)
    Newtonsoft.Json (13.0.3) - restriction: >= net45
      System.Memory (>= 4.5)
  remote: https://feed.example.org/v3/index.json
    Acme (1.0)
GITHUB
  remote: fsharp/FAKE
    src/app/Octokit.fsx (abc123)
GIT
  remote: https://github.com/Acme/Tools.git
     (def456)
GROUP Test
NUGET
  remote: https://www.nuget.org/api/v2
    Expecto (10.1)
"""


def test_paket_lock() -> None:
    assert read_lock(READER, "paket.lock", PAKET_LOCK.encode()) == Manifest(
        table(
            Declared("fsharp.core", "8.0.100", line=4),
            Declared("newtonsoft.json", "13.0.3", line=5),
            Declared("acme", "1.0", line=8, origin="https://feed.example.org/v3/index.json"),
            Declared(
                "github.com/fsharp/fake/src/app/octokit.fsx", "abc123", "git", line=11,
                origin="https://github.com/fsharp/FAKE",
            ),
            Declared("github.com/acme/tools", "def456", "git", line=14, origin="https://github.com/Acme/Tools"),
            Declared("expecto", "10.1", scope="development", line=18),
        )
    )  # fmt: skip


MANY = f'<PackageReference Include="{";".join("a" * 100)}"/>'


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("packages.config", "<a/>", "it is not a list of packages"),
        ("packages.config", "<packages>\n<package/></packages>", "a package has no id (line 2)"),
        ("nuget.config", "<a/>", "it is not a NuGet configuration"),
        ("dotnet-tools.json", '{"tools": []}', "tools is not an object"),
        ("dotnet-tools.json", '{"tools": {"a": 1}}', "an entry has no version that is a string"),
        ("global.json", '{"msbuild-sdks": 1}', "msbuild-sdks is not an object"),
        ("paket.dependencies", "nuget a\nwhat is this", "line 2 is not a directive of Paket"),
        ("paket.dependencies", "a\0", "it has a control character in line 1"),
        ("packages.lock.json", '{"dependencies": {"net8.0": []}}', "the dependencies of 'net8.0' are not an object"),
        ("packages.lock.json", '{"dependencies": {"net8.0": {"a": {"type": 1}}}}',
         "an entry has no type that is a string"),
        ("paket.lock", "NUGET\n    a", "line 2 locks nothing"),
        ("paket.lock", "    a (1)", "line 1 stands in no section"),
        ("a.csproj", "<Project>" * 200, "it is nested too deeply"),
        ("a.csproj", f"<Project>{MANY * 201}</Project>", "it has more than 20,000 items"),
        ("paket.lock", "\n" * 100_001, "it has more than 100,000 lines"),
    ],
)  # fmt: skip
def test_unreadable(path: str, content: str, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        (read_lock if READER.is_lock(path) else read)(READER, path, content.encode())
    assert error.value.reason == reason


def test_a_project_in_utf_16_and_with_windows_line_ends() -> None:
    for content in (PROJECT.encode("utf-16"), PROJECT.encode("utf-8-sig").replace(b"\n", b"\r\n")):
        assert manifest("src/App.csproj", content) == manifest("src/App.csproj", PROJECT)


NAMES = st.sampled_from("Project ItemGroup PackageReference PropertyGroup Reference packages package add".split())
NODES = st.recursive(
    st.sampled_from(["", "a;b", "$(a)", "@(b)", "https://x.example.org"]),
    lambda inner: st.builds(
        lambda name, attribute, value, children: f'<{name} {attribute}="{value}">{"".join(children)}</{name}>',
        NAMES,
        st.sampled_from(["Include", "Update", "Version", "Sdk", "id", "key", "value", "HintPath"]),
        st.sampled_from(["a", "a;b", "$(a)", "$(a", "x/1", ""]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(
    path=st.sampled_from(["a.csproj", "a.props", "packages.config", "nuget.config", "paket.dependencies", "global.json",
                          "dotnet-tools.json", "packages.lock.json", "paket.lock"]),
    content=st.binary(max_size=200) | NODES.map(lambda text: f"<Project>{text}</Project>".encode()),
)  # fmt: skip
def test_arbitrary_bytes_are_read_or_unreadable(path: str, content: bytes) -> None:
    try:
        found = (read_lock if READER.is_lock(path) else read)(READER, path, content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(name == declared.name for name, declared in found.names.items())


FORMS = {
    "a.csproj": ("<Project><ItemGroup>\n", '<PackageReference Include="{}" Version="1"/>\n', "</ItemGroup></Project>"),
    "packages.config": ("<packages>\n", '<package id="{}" version="1"/>\n', "</packages>"),
    "paket.dependencies": ("source https://api.nuget.org/v3/index.json\n", "nuget {} 1\n", ""),
}


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(sorted(FORMS)),
    names=st.lists(st.from_regex(r"[A-Za-z][A-Za-z0-9.-]{0,12}[A-Za-z0-9]", fullmatch=True), unique_by=str.lower),
)
def test_generated_manifests_give_exactly_their_names(path: str, names: list[str]) -> None:
    start, form, end = FORMS[path]
    found = manifest(path, start + "".join(form.format(name) for name in names) + end)
    expected = {name.lower(): Declared(name.lower(), "1", line=line) for line, name in enumerate(names, start=2)}
    assert found.names == expected
