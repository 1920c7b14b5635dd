"""Package.swift, Package.resolved and Cartfiles: whole results."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.ecosystems import carthage
from git_hotfix.dependencies.ecosystems.swift import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, lock_reader_of, read, read_lock, reader_of

PACKAGE = """\
// swift-tools-version:5.9
import PackageDescription
// .package(url: "https://x.org/comment", from: "1.0.0")
/* .package(url: "https://x.org/block", from: "1.0.0") /* nested */ */
let package = Package(
    name: "MyLib",
    platforms: [.iOS(.v13)],
    products: [.library(name: "MyLib", targets: ["MyLib"])],
    dependencies: [
        .package(url: "https://github.com/Alamofire/Alamofire.git", from: "5.6.1"),
        .package(name: "Old", url: "git@github.com:o/Kit.git", .upToNextMajor(from: "1.2.0")),
        .package(url: "https://github.com/o/range", "1.0.0"..<"2.0.0"),
        .package(
            url: "https://user:pw@github.com/o/branch",
            branch: "main"
        ),
        .package(url: "https://github.com/o/exact", exact: "3.0.0", traits: ["a"]),
        .package(url: "https://github.com/o/rev", revision: "abcdef"),
        .package(id: "mona.LinkedList", from: "1.1.0"),
        .package(path: "../Beside"),
        .package(name: "Named", path: "../other"),
        .package(url: "../ByURL", from: "1.0.0"),
    ],
    targets: [
        .target(name: "MyLib", dependencies: [.product(name: "Alamofire", package: "alamofire")]),
        .binaryTarget(name: "Binary", url: "https://x.org/sdk/ios/1.2.3/Binary.zip", checksum: "00"),
        .binaryTarget(name: "Here", path: "Here.xcframework"),
        .plugin(name: "P", package: "p"),
    ]
)
#if os(macOS)
package.dependencies.append(.package(url: "https://github.com/o/mac", from: "1.0.0"))
#endif
let note = "say \\"hi\\" .package(url: no)", raw = #"a " \\(x)"#, more = \"\"\"
  ) " .package(url: "https://x.org/text", from: "1")
  \"\"\"
"""


def test_package_swift() -> None:
    hub = "https://github.com/"
    assert read(READER, "Package.swift", PACKAGE.encode()) == Manifest(
        names={
            "alamofire": Declared("alamofire", "5.6.1", "git", line=10, origin=f"{hub}Alamofire/Alamofire"),
            "kit": Declared("kit", "1.2.0", "git", line=11, origin="git@github.com:o/Kit"),
            "range": Declared("range", "1.0.0..<2.0.0", "git", line=12, origin=f"{hub}o/range"),
            "branch": Declared("branch", "main", "git", line=13, origin=f"{hub}o/branch"),
            "exact": Declared("exact", "3.0.0", "git", line=17, origin=f"{hub}o/exact"),
            "rev": Declared("rev", "abcdef", "git", line=18, origin=f"{hub}o/rev"),
            "mona.linkedlist": Declared("mona.linkedlist", "1.1.0", line=19),
            "binary": Declared("binary", "1.2.3/Binary.zip", "url", line=26, origin="https://x.org/sdk/ios"),
            "mac": Declared("mac", "1.0.0", "git", line=32, origin=f"{hub}o/mac"),
        },
        own=frozenset({"mylib"}),
        local={
            "beside": Declared("beside", "", "path", line=20, origin="../Beside"),
            "named": Declared("named", "", "path", line=21, origin="../other"),
            "byurl": Declared("byurl", "1.0.0", "path", line=22, origin="../ByURL"),
            "here": Declared("here", "", "path", line=27, origin="Here.xcframework"),
        },
    )


@pytest.mark.parametrize(
    ("text", "names", "dynamic"),
    [
        ('.package(url: "https://x.org/a", from: v)', ["a"], {"from : v"}),
        ('.package(url: "https://x.org/a", .exact(v))', ["a"], {". exact ( v )"}),
        (
            'let b = "x.org/"; f(.package(url: b + "a", from: "1"), .package(url: "https://x.org/c", from: "1"))',
            ["c"],
            {'let b = "x.org/" f ( . package ( url : b + "a" , from : "1" ) , )'},
        ),
        ('f(.package(url: "\\(base)/a", from: "1"))', [], {'f ( . package ( url : "\\(base)/a" , from : "1" ) )'}),
        ('.binaryTarget(name: n, url: "https://x.org/a.zip")', [],
         {'. binaryTarget ( name : n , url : "https://x.org/a.zip" )'}),
        ('f(.Package(url: "https://x.org/a", majorVersion: 1))', ["a"], {"majorVersion : 1"}),
        ('package(url: "https://x.org/a", from: "1")', [], set()),
    ],
)  # fmt: skip
def test_what_is_computed(text: str, names: list[str], dynamic: set[str]) -> None:
    found = read(READER, "Package@swift-5.9.swift", text.encode())
    assert (list(found.names), set(found.dynamic)) == (names, dynamic)


def test_a_literal_declaration_more_changes_nothing_of_what_is_computed() -> None:
    text = 'f(.package(url: "https://x.org/a", from: "1"),%s .package(url: b))'
    more = ' .package(url: "https://x.org/c", from: "1"),'
    one, other = (read(READER, "Package.swift", (text % each).encode()) for each in ("", more))
    assert one.dynamic == other.dynamic == {"f ( . package ( url : b ) )"}
    assert (list(one.names), list(other.names)) == (["a"], ["a", "c"])


def test_the_same_name_at_another_place_is_the_same_name_with_another_origin() -> None:
    one, other = (
        read(READER, "Package.swift", f'.package(url: "https://github.com/{owner}/Kit", from: "1.0.0")'.encode())
        for owner in ("good", "evil")
    )
    assert (one.names["kit"].origin, other.names["kit"].origin) == (
        "https://github.com/good/Kit",
        "https://github.com/evil/Kit",
    )


RESOLVED_1 = """\
{"object": {"pins": [
  {"package": "Alamofire", "repositoryURL": "https://github.com/Alamofire/Alamofire.git",
   "state": {"branch": null, "revision": "abc", "version": "5.6.1"}}
]}, "version": 1}
"""
RESOLVED_2 = """\
{"pins": [
  {"identity": "alamofire", "kind": "remoteSourceControl", "location": "https://github.com/Alamofire/Alamofire.git",
   "state": {"revision": "abc", "version": "5.6.1"}},
  {"identity": "kit", "kind": "remoteSourceControl", "location": "https://github.com/o/kit",
   "state": {"branch": "main", "revision": "abc"}},
  {"identity": "mona.LinkedList", "kind": "registry", "location": "", "state": {"version": "1.1.0"}},
  {"identity": "near", "kind": "localSourceControl", "location": "/x/near", "state": {"revision": "abc"}}
], "version": 3}
"""


def test_package_resolved() -> None:
    alamofire = Declared("alamofire", "5.6.1", "git", line=2, origin="https://github.com/Alamofire/Alamofire")
    assert read_lock(READER, "Package.resolved", RESOLVED_1.encode()) == Manifest({"alamofire": alamofire})
    assert read_lock(READER, "x.xcodeproj/Package.resolved", RESOLVED_2.encode()) == Manifest(
        names={
            "alamofire": alamofire,
            "kit": Declared("kit", "main", "git", line=4, origin="https://github.com/o/kit"),
            "mona.linkedlist": Declared("mona.linkedlist", "1.1.0", line=6),
        },
        local={"near": Declared("near", "abc", "path", line=7, origin="/x/near")},
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"let x = (\n", "it does not parse in line 1"),
        (b"let x = [)\n", "it does not parse in line 1"),
        (b'let x = "a\n', "it does not parse in line 3"),
        (b'let x = "\\(a', "it does not parse in line 1"),
        (b"/* /* */\n", "a comment is not closed in line 1"),
        (b"(" * 101, "it does not parse in line 1"),
        (b"(" * 201, "it is too tangled"),
        (b"let x\x00", "it has a control character in line 1"),
        (b"\n>>>>>>> theirs\n", "it has a conflict marker in line 2"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_unreadable(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(READER, "Package.swift", content)
    assert caught.value.reason == reason


@pytest.mark.parametrize("content", ["", "[]", '{"pins": 1}', '{"pins": [1]}', '{"pins": [{"identity": "a"}]}'])
def test_unreadable_locks(content: str) -> None:
    with pytest.raises(Unreadable):
        read_lock(READER, "Package.resolved", content.encode())


CARTFILE = """\
# comment
github "ReactiveCocoa/ReactiveCocoa" >= 2.3.1
github "Mantle/Mantle" ~> 1.0 # compatible
github "jspahrsummers/libextobjc" == 0.4.1
github "o/branch" "main"
github "https://enterprise.local/ghe/desktop" ~> 2.0
git "https://user:pw@x.org/o/kit.git" "development"
git "file:///directory/to/project" "branch"
binary "https://x.org/release/Binary.json" ~> 2.3
"""


def test_cartfile() -> None:
    enterprise = "https://enterprise.local/ghe/desktop"
    kit, binary, hub = "https://x.org/o/kit", "https://x.org/release/Binary.json", "https://github.com/"
    local = "file:///directory/to/project"
    found = Manifest(
        names={
            "reactivecocoa/reactivecocoa": Declared(
                "reactivecocoa/reactivecocoa", ">= 2.3.1", "git", line=2, origin=f"{hub}ReactiveCocoa/ReactiveCocoa"
            ),
            "mantle/mantle": Declared("mantle/mantle", "~> 1.0", "git", line=3, origin=f"{hub}Mantle/Mantle"),
            "jspahrsummers/libextobjc": Declared(
                "jspahrsummers/libextobjc", "== 0.4.1", "git", line=4, origin=f"{hub}jspahrsummers/libextobjc"
            ),
            "o/branch": Declared("o/branch", "main", "git", line=5, origin=f"{hub}o/branch"),
            enterprise: Declared(enterprise, "~> 2.0", "git", line=6, origin=enterprise),
            kit: Declared(kit, "development", "git", line=7, origin=kit),
            binary: Declared(binary, "~> 2.3", "url", line=9, origin=binary),
        },
        local={local: Declared(local, "branch", "path", line=8, origin=local)},
    )
    assert read(carthage.READER, "Cartfile", CARTFILE.encode()) == found
    assert {each.scope for each in read(carthage.READER, "Cartfile.private", CARTFILE.encode()).names.values()} == {
        "development"
    }
    assert read_lock(carthage.READER, "Cartfile.resolved", b'github "Mantle/Mantle" "1.5.4"\n') == Manifest(
        {"mantle/mantle": Declared("mantle/mantle", "1.5.4", "git", line=1, origin=f"{hub}Mantle/Mantle")}
    )


@pytest.mark.parametrize(
    "content", ["svn 'x'\n", "github 'o/x'\n", 'github "o/x" 1.0\n', 'github "o/x" "a" "b"\n', 'git "x\n']
)
def test_unreadable_cartfiles(content: str) -> None:
    with pytest.raises(Unreadable):
        read(carthage.READER, "Cartfile", content.encode())


def test_which_files_are_read() -> None:
    assert (reader_of("a/Package.swift"), reader_of("Package@swift-5.swift")) == (READER, READER)
    assert (lock_reader_of("Package.resolved"), reader_of("Sources/x.swift")) == (READER, None)
    assert (reader_of("Cartfile"), lock_reader_of("Cartfile.resolved")) == (carthage.READER, carthage.READER)
