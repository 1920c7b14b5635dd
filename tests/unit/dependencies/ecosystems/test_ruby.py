"""Gemfile, *.gemspec and Gemfile.lock: whole results."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.ecosystems.ruby import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, lock_reader_of, read, read_lock, reader_of

GEMFILE = """\
# gem "comment"
source "https://rubygems.org"
source 'https://user:pw@gems.corp.org'
=begin
gem "block comment"
=end
ruby "3.2.1"
gemspec

gem "rails", "~> 7.0", ">= 7.0.1"
gem 'RedCloth', require: false
gem("paren", '1.0')
gem "listed", ["~> 1", "< 1.5"]
gem "several",
    "~> 2.0",
    require: ["a", "b"]
gem "git", git: "https://token@github.com/o/git.git", tag: "v1"
gem "hub", :github => "o/hub", :branch => "main"
gem "short", github: "rails"
gem "local", path: "../local"
gem "elsewhere", "1", source: "https://gems.other.org/"
gem "test-one", group: :test
gem "both", groups: [:development, :production]
gem "words", groups: %i[development test]
gem "guarded" if RUBY_VERSION > "3"
gem "frozen".freeze, "1".freeze
plugin "bundler-x", "0.1"

group :development, :test do
  gem "rspec", "~> 3"
  platforms :mri, :windows do
    gem "byebug" unless ENV["CI"]
  end
end
group :assets do gem "assets" end
group(:debug) { gem "braces" }
group :more, optional: true do
  gem "optional"
end
source "https://gems.block.org" do
  gem "blocked", "1"
end
git "https://github.com/o/mono.git" do
  gem "mono-a"
end
path "engines" do
  gem "engine"
end
if ENV["NEW"]
  gem "new", "2"
else
  gem "old", "1"
end
__END__
gem "behind the end"
"""


def test_gemfile() -> None:
    dev = "development"
    assert read(READER, "Gemfile", GEMFILE.encode()) == Manifest(
        names={
            "rails": Declared("rails", "~> 7.0, >= 7.0.1", line=10),
            "RedCloth": Declared("RedCloth", line=11),
            "paren": Declared("paren", "1.0", line=12),
            "listed": Declared("listed", "~> 1, < 1.5", line=13),
            "several": Declared("several", "~> 2.0", line=14),
            "git": Declared("git", "v1", "git", line=17, origin="https://github.com/o/git"),
            "hub": Declared("hub", "main", "git", line=18, origin="https://github.com/o/hub"),
            "short": Declared("short", "", "git", line=19, origin="https://github.com/rails/rails"),
            "elsewhere": Declared("elsewhere", "1", line=21, origin="https://gems.other.org"),
            "test-one": Declared("test-one", scope=dev, line=22),
            "both": Declared("both", line=23),
            "words": Declared("words", scope=dev, line=24),
            "guarded": Declared("guarded", line=25),
            "frozen": Declared("frozen", "1", line=26),
            "bundler-x": Declared("bundler-x", "0.1", scope="build", line=27),
            "rspec": Declared("rspec", "~> 3", scope=dev, line=30),
            "byebug": Declared("byebug", scope=dev, line=32),
            "assets": Declared("assets", line=35),
            "braces": Declared("braces", scope=dev, line=36),
            "optional": Declared("optional", scope="optional", line=38),
            "blocked": Declared("blocked", "1", line=41, origin="https://gems.block.org"),
            "mono-a": Declared("mono-a", "", "git", line=44, origin="https://github.com/o/mono"),
            "new": Declared("new", "2", line=50),
            "old": Declared("old", "1", line=52),
        },
        local={
            "local": Declared("local", "", "path", line=20, origin="../local"),
            "engine": Declared("engine", "", "path", line=47, origin="engines"),
        },
        indexes={"https://gems.corp.org": 3, "https://gems.other.org": 21, "https://gems.block.org": 40},
    )


def gems(text: str) -> tuple[list[str], set[str]]:
    found = read(READER, "Gemfile", text.encode())
    return list(found.names), set(found.dynamic)


@pytest.mark.parametrize(
    ("text", "names", "dynamic"),
    [
        # A computed version or option is named; the name is known.
        ('gem "a", VERSION\n', ["a"], {"VERSION"}),
        ('gem "a", ENV["V"] || "1"\n', ["a"], {'ENV [ "V" ] || "1"'}),
        ('gem "a", **options\n', ["a"], {"** options"}),
        ('gem "a", git: url\n', ["a"], {"url"}),
        # A computed name makes everything but the literal declarations count.
        ('x = "b"\ngem "a"\ngem x\n', ["a"], {'x = "b" gem x', "gem x", "x"}),
        ('gem "a-#{x}"\n', [], {'gem "a-#{x}"', '"a-#{x}"'}),
        ('%w[a b].each { |x| gem x }\n', [], {"%w[a b] . each { | x | gem x }", "gem x", "x"}),
        ("gem *names\n", [], {"gem * names", "* names"}),
        ("gem(name)\n", [], {"gem ( name )", "gem name", "name"}),
        # Files that are not read by themselves, and code that could declare anything.
        ('eval_gemfile "Gemfile.common"\neval_gemfile "../up"\n', [], {"eval_gemfile ../up"}),
        ('instance_eval File.read("x")\n', [], {"instance_eval File . read ( \"x\" )", 'File . read ( "x" )'}),
        ('send :gem, "a"\n', [], {"send gem, a", ""}),
        ('require_relative "deps"\n', [], {"require_relative deps"}),
        # Another name for a declaration makes everything but the literal ones count.
        ('alias g gem\ng "b"\ngem "a"\n', ["a"], {'alias g gem g "b"', "alias g gem", "g gem"}),
        ('x.gem "a"\nself.gem "b"\n', ["a", "b"], set()),
        ("git_source [1]\ngit_source(:own) { |r| r }\ngem 'a', own: 'o/a'\n", ["a"], set()),
        # What only looks like a declaration.
        ('gem = "a"\nBundler.gems "b"\n:gem\nx = {gem: 1}\ndef gem(x) end\nputs "gem \'c\'"\n', [], set()),
    ],
)  # fmt: skip
def test_what_is_computed(text: str, names: list[str], dynamic: set[str]) -> None:
    assert gems(text) == (names, dynamic)


@pytest.mark.parametrize(
    "text",
    [
        "x = <<~TEXT\n  gem 'no' \" ' (\nTEXT\ngem 'a'\n",
        "x = <<A + <<-'B'\ngem 'no'\nA\n  gem 'no'\n  B\ngem 'a'\n",
        "x = /gem 'no'\\/[\"']/ =~ y\ngem 'a'\n",
        "x = 4 / 2; y = x / 3\nx = y % 2\nz = %q(gem 'no' (\"))\ngem 'a'\n",
        "x = %w(gem no)\ngem 'a'\n",
        'x = "#{y["gem"]} #{"gem \'no\'"}"\ngem "a"\n',
        "x = ?\"\ny = :\"gem 'no'\"\nx = y ? 1 : 2\ngem 'a'\n",
        "class X < Y; def self.z() = 1; def w; end end\ngem 'a'\n",
        "while x do y end\nloop do break if z end\ngem 'a'\n",
        "x = if y then 1 else 2 end\ngem 'a'\n",
        "x = case y when 1 then 2 end\ngem 'a'\n",
        "begin\n x\nrescue\n y\nend while z\ngem 'a'\n",
        "x.class.if.end\nx&.then { 1 }\nfoo(if: 1, class: 2, end: 3)\ny = { 'if' => 1, do: 2 }\ngem 'a'\n",
        "x\n  .y\n  .z\ngem \\\n  'a'\n",
        "def `(cmd) super end\ngem 'a'\n",
        "-> { x }.call; ->(y) do y end\ngem 'a'\n",
        "$\" << 'x'; @a = 1; @@b = 2\ngem 'a'\n",
        "install_if -> { RUBY_PLATFORM =~ /darwin/ } do\n  gem 'a'\nend\n",
        "unless x then gem 'a' end",
        "gem 'a' 'b'.freeze unless x\n",
    ],
)
def test_ruby_around_a_gem(text: str) -> None:
    names, _ = gems(text)
    assert names == (["ab"] if "'a' 'b'" in text else ["a"])


GEMSPEC = """\
require_relative "lib/x/version"
Gem::Specification.new do |spec|
  spec.name = "my-gem"
  spec.version = X::VERSION
  spec.files = Dir["lib/**/*"].reject { |f| f.match(%r{^test/}) }
  spec.add_dependency "rack", ">= 2", "< 4"
  spec.add_runtime_dependency("thor", ["~> 1.0"])
  spec.add_development_dependency %q<rake>.freeze, "~> 13"
  spec.add_dependency "sibling", version
end
"""


def test_gemspec() -> None:
    assert read(READER, "my-gem.gemspec", GEMSPEC.encode()) == Manifest(
        names={
            "rack": Declared("rack", ">= 2, < 4", line=6),
            "thor": Declared("thor", "~> 1.0", line=7),
            "rake": Declared("rake", "~> 13", scope="development", line=8),
            "sibling": Declared("sibling", "version", line=9),
        },
        own=frozenset({"my-gem"}),
        dynamic=frozenset({"require_relative lib/x/version", "version"}),
    )


def test_computed_dependencies_of_a_gemspec_count_all_but_attributes() -> None:
    text = 'Gem::Specification.new "n", "1" do |s|\n s.version = "%s"\n %%w[a].each { |d| s.add_dependency d }\nend\n'
    found = [read(READER, "n.gemspec", (text % version).encode()) for version in ("1", "2")]
    rest = "| s | %w[a] . each { | d | s . add_dependency d }"
    assert found[0] == Manifest(own=frozenset({"n"}), dynamic=frozenset({rest, "add_dependency d", "d"}))
    assert found[0] == found[1]


LOCK = """\
GIT
  remote: https://github.com/o/git.git
  revision: abcdef
  tag: v1
  specs:
    git (1.0)
      rack (>= 2)

PATH
  remote: .
  specs:
    my-gem (0.1.0)

GEM
  remote: https://rubygems.org/
  remote: https://gems.corp.org/
  specs:
    nokogiri (1.15.4)
    nokogiri (1.15.4-x86_64-linux)
    rack (2.2.3)

PLATFORMS
  ruby

DEPENDENCIES
  git!
  my-gem!

CHECKSUMS
  rack (2.2.3) sha256=00

BUNDLED WITH
   2.4.10
"""


def test_gemfile_lock() -> None:
    corp = "https://gems.corp.org"
    assert read_lock(READER, "Gemfile.lock", LOCK.encode()) == Manifest(
        names={
            "git": Declared("git", "abcdef", "git", line=6, origin="https://github.com/o/git"),
            "nokogiri": Declared("nokogiri", "1.15.4", line=18, origin=corp),
            "rack": Declared("rack", "2.2.3", line=20, origin=corp),
        },
        local={"my-gem": Declared("my-gem", "0.1.0", "path", line=12, origin=".")},
        indexes={corp: 16},
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"gem 'a\n", "it does not parse in line 1"),
        (b"group :test do\n gem 'a'\n", "it does not parse in line 1"),
        (b"gem 'a'\nend\n", "end closes nothing in line 2"),
        (b"gem('a'\n", "it does not parse in line 1"),
        (b"gem 'a')\n", "it does not parse in line 1"),
        (b"x = {\ndo }\n", "it does not parse in line 2"),
        (b"x = <<A\ngem 'a'\n", "Ruby does not end a here-document where it seems to end, in line 1"),
        (b"=begin\ngem 'a'\n", "it does not parse in line 1"),
        (b"gem 'a'\x00\n", "it has a control character in line 1"),
        (b"<<<<<<< HEAD\ngem 'a'\n", "it has a conflict marker in line 1"),
        (b"[" * 201, "it is too tangled"),
        (b"group :a do\n" * 101 + b"end\n" * 101, "its blocks are nested too deeply in line 101"),
        (b'"#{' * 30, "it does not parse in line 1"),
        (b"#" * 300_001, "it is longer than 300,000 characters"),
        (b"gem '\xff'\n", "'utf-8' codec can't decode byte 0xff in position 5: invalid start byte"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_unreadable(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(READER, "Gemfile", content)
    assert caught.value.reason == reason


@pytest.mark.parametrize("content", ["gem 'a'\n", "GEM\n  specs:\n    a (1) (2)\n", "GEM\n x\n", "GEM\n=======\n"])
def test_unreadable_locks(content: str) -> None:
    with pytest.raises(Unreadable):
        read_lock(READER, "Gemfile.lock", content.encode())


@pytest.mark.parametrize(
    ("path", "manifest", "lock"),
    [
        ("Gemfile", True, False), ("a/Gemfile", True, False), ("gems.rb", True, False), ("x.gemspec", True, False),
        ("gemfiles/rails_7.gemfile", True, False), ("Gemfile.common", True, False), ("Gemfile.lock", False, True),
        ("gems.locked", False, True), ("gemfiles/rails_7.gemfile.lock", False, True), ("Gemfile.erb", False, False),
        ("MyGemfile", False, False),
    ],
)  # fmt: skip
def test_which_files_are_read(path: str, manifest: bool, lock: bool) -> None:
    assert ((reader_of(path) is READER), (lock_reader_of(path) is READER)) == (manifest, lock)
