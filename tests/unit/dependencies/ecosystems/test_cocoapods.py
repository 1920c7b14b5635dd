"""Podfile, *.podspec, *.podspec.json and Podfile.lock: whole results."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.ecosystems.cocoapods import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, lock_reader_of, read, read_lock, reader_of

PODFILE = """\
source 'https://cdn.cocoapods.org/'
source 'https://user:pw@specs.corp.org/Specs.git'
platform :ios, '13.0'
plugin 'cocoapods-x'
use_frameworks!
# pod 'Comment'
abstract_target 'All' do
  pod 'Alamofire', '~> 5.6'
  pod 'Firebase/Core', '>= 10', '< 11'
  pod 'Git', :git => 'https://github.com/o/git.git', :tag => 'v1'
  pod 'Local', :path => '../local'
  pod 'Spec', :podspec => 'https://x.org/Spec.podspec'
  pod 'Elsewhere', '1.0', :source => 'https://other.org/Specs'
  pod 'Debugger', :configurations => ['Debug']
  target 'App' do
    target 'AppTests' do
      inherit! :search_paths
      pod 'Quick'
      pod 'Alamofire'
    end
  end
end
post_install do |installer|
  installer.pods_project.targets.each do |target|
    target.build_configurations.each { |c| c.build_settings['X'] = 'NO' }
  end
end
"""


def test_podfile() -> None:
    assert read(READER, "ios/Podfile", PODFILE.encode()) == Manifest(
        names={
            "cocoapods-x": Declared("cocoapods-x", scope="build", line=4),
            "Alamofire": Declared("Alamofire", "~> 5.6", line=8),
            "Firebase": Declared("Firebase", ">= 10, < 11", line=9),
            "Git": Declared("Git", "v1", "git", line=10, origin="https://github.com/o/git"),
            "Spec": Declared("Spec", "", "url", line=12, origin="https://x.org/Spec.podspec"),
            "Elsewhere": Declared("Elsewhere", "1.0", line=13, origin="https://other.org/Specs"),
            "Debugger": Declared("Debugger", scope="development", line=14),
            "Quick": Declared("Quick", scope="development", line=18),
        },
        local={"Local": Declared("Local", "", "path", line=11, origin="../local")},
        indexes={"https://specs.corp.org/Specs": 2, "https://other.org/Specs": 13},
    )


@pytest.mark.parametrize(
    ("text", "names", "dynamic"),
    [
        ("pod 'A', version\n", ["A"], {"version"}),
        ("%w[A B].each { |n| pod n }\npod 'C'\n", ["C"], {"%w[A B] . each { | n | pod n }", "pod n", "n"}),
        ("use_react_native!(:path => '../rn')\n", [], {"use_react_native! path: ../rn"}),
        ("use_expo_modules!\n", [], {"use_expo_modules! "}),
        ("require_relative '../x'\n", [], {"require_relative ../x"}),
    ],
)
def test_what_is_computed(text: str, names: list[str], dynamic: set[str]) -> None:
    found = read(READER, "Podfile", text.encode())
    assert (list(found.names), set(found.dynamic)) == (names, dynamic)


PODSPEC = """\
Pod::Spec.new do |s|
  s.name = 'My'
  s.version = '1.0'
  s.dependency 'Alamofire', '~> 5'
  s.ios.dependency 'IOSOnly'
  s.dependency 'My/Core'
  s.subspec 'Extra' do |e|
    e.dependency 'Firebase/Core', '>= 1', '< 2'
  end
  s.test_spec 'Tests' do |t|
    t.dependency 'OCMock'
  end
end
"""


def test_podspec() -> None:
    assert read(READER, "My.podspec", PODSPEC.encode()) == Manifest(
        names={
            "Alamofire": Declared("Alamofire", "~> 5", line=4),
            "IOSOnly": Declared("IOSOnly", line=5),
            "Firebase": Declared("Firebase", ">= 1, < 2", line=8),
            "OCMock": Declared("OCMock", scope="development", line=11),
        },
        own=frozenset({"My"}),
    )


def test_podspec_json() -> None:
    text = """{
      "name": "My", "dependencies": {"Alamofire": ["~> 5"], "My/Core": []},
      "ios": {"dependencies": {"IOSOnly": []}},
      "subspecs": [{"name": "Extra", "dependencies": {"Firebase/Core": [">= 1", "< 2"]}}],
      "testspecs": [{"name": "Tests", "dependencies": {"OCMock": []}}]
    }"""
    assert read(READER, "My.podspec.json", text.encode()) == Manifest(
        names={
            "Alamofire": Declared("Alamofire", "~> 5"),
            "Firebase": Declared("Firebase", ">= 1, < 2"),
            "OCMock": Declared("OCMock", scope="development"),
            "IOSOnly": Declared("IOSOnly"),
        },
        own=frozenset({"My"}),
    )


LOCK = """\
PODS:
  - Alamofire (5.6.1)
  - Firebase/Core (10.0.0):
    - FirebaseCore (= 10.0.0)
  - FirebaseCore (10.0.0)
  - Git (1.0.0)
  - Local (0.1.0)

DEPENDENCIES:
  - Alamofire (~> 5.6)

SPEC REPOS:
  trunk:
    - Alamofire
  https://specs.corp.org/Specs.git:
    - FirebaseCore

EXTERNAL SOURCES:
  Git:
    :git: https://github.com/o/git.git
    :tag: v1
  Local:
    :path: "../local"

CHECKOUT OPTIONS:
  Git:
    :commit: abcdef
    :git: https://github.com/o/git.git

SPEC CHECKSUMS:
  Alamofire: "00"

PODFILE CHECKSUM: "00"

COCOAPODS: 1.15.2
"""


def test_podfile_lock() -> None:
    assert read_lock(READER, "Podfile.lock", LOCK.encode()) == Manifest(
        names={
            "Alamofire": Declared("Alamofire", "5.6.1", line=2),
            "Firebase": Declared("Firebase", "10.0.0", line=3),
            "FirebaseCore": Declared("FirebaseCore", "10.0.0", line=5),
            "Git": Declared("Git", "abcdef", "git", line=6, origin="https://github.com/o/git"),
        },
        local={"Local": Declared("Local", "0.1.0", "path", line=7, origin="../local")},
        indexes={"https://specs.corp.org/Specs": 15},
    )


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("Podfile", "pod 'A\n"),
        ("Podfile", "target 'A' do\n"),
        ("Podfile", "pod 'A'\x00"),
        ("A.podspec", "Pod::Spec.new do |s|\n"),
        ("A.podspec.json", "[]"),
        ("A.podspec.json", '{"dependencies": ["a"]}'),
        ("A.podspec.json", '{"subspecs": ["a"]}'),
        ("A.podspec.json", '{"subspecs": true}'),
        ("Podfile.lock", "- a\n"),
        ("Podfile.lock", "PODS: {a: b}\n"),
        ("Podfile.lock", "PODS:\n  - [a]\n"),
        ("Podfile.lock", "PODS:\n  - A (1)\nEXTERNAL SOURCES: [a]\n"),
    ],
)
def test_unreadable(path: str, content: str) -> None:
    with pytest.raises(Unreadable):
        (read if READER.is_manifest(path) else read_lock)(READER, path, content.encode())


def test_which_files_are_read() -> None:
    assert [reader_of(path) for path in ("Podfile", "ios/Podfile", "a/A.podspec", "A.podspec.json")] == [READER] * 4
    assert (lock_reader_of("ios/Podfile.lock"), reader_of("Podfile.lock"), reader_of("MyPodfile")) == (
        READER,
        None,
        None,
    )
