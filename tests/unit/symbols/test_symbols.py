"""symbols: what a file of each language defines, among comments, strings and other text that looks like it."""

from __future__ import annotations

import re
import sys
import time
from importlib.metadata import requires

import pytest

from git_hotfix.symbols import tree
from git_hotfix.symbols.languages import LANGUAGES, language_of
from git_hotfix.symbols.model import FileSymbols
from git_hotfix.symbols.read import symbols_of

# Path → its text, and what it defines: kind, name, line.
SAMPLES: dict[str, tuple[str, list[str]]] = {
    "a.py": (
        '''"""def no(): class No"""
class Outer(Base):
    def method(self):
        def inner(): ...
        return inner

    class Inner:
        pass

async def later(
    a,
):
    return a

short = lambda a: a
x = "def no():"
''',
        [
            "type Outer 2",
            "function Outer.method 3",
            "function Outer.method.inner 4",
            "type Outer.Inner 7",
            "function later 10",
            "function short 15",
        ],
    ),
    "new.py": (
        '''class A:
    def one(self):
        text = """
def no():
"""
        return f"{text!r} def no2():"

    async def two(
        self,
    ):
        match x:
            case {"a": 1}: pass
        print "old syntax"

def three(): return 1  # def no3():
''',
        [
            "type A 1",
            "function A.one 2",
            "function A.two 8",
            "function three 15",
        ],
    ),
    "a.js": (
        """#!/usr/bin/env node
// function no() {}
const s = `function no() { ${a ? `x ${b}` : "}"} }`, re = /function no() {["'`/]/g;
function plain(a) { return a / 2 / 3; }
async function* stream() {}
class Shape extends mixin(Base, { a: 1 }) {
  #secret = () => 1;
  static async make() { if (a) { b() } for (;;) {} }
  get size() { return 1 }
  [Symbol.iterator]() { return 1 }
  constructor(a = {}) { super(a); }
}
const arrow = async (a, b) => {
  return a;
};
const short = x => x + 1, api = {
  load() { return 1 },
  'save': function () {},
  close: () => {},
};
module.exports.handler = function named() {};
foo(function () {}, () => {});
const once = function () { return 1 }();
const Unnamed = class { run() {} };
""",
        [
            "function plain 4",
            "function stream 5",
            "type Shape 6",
            "function Shape.#secret 7",
            "function Shape.make 8",
            "function Shape.size 9",
            "function Shape.[Symbol.iterator] 10",
            "function Shape.constructor 11",
            "function arrow 13",
            "function short 16",
            "function api.load 17",
            "function api.save 18",
            "function api.close 19",
            "function handler 21",
            "function handler.named 21",
            "type Unnamed 24",
            "function Unnamed.run 24",
        ],
    ),
    "a.ts": (
        """export interface Shape<T extends object = {}> extends Base<T> {
  area(scale?: number): number;
  readonly name: string;
  onClick: (event: Event) => void;
}
export type Handler = (event: { a: () => void }) => void;
export enum Color { Red, Green }
export abstract class Circle<T> implements Shape<T> {
  private handler: Map<string, () => void> = new Map();
  run = (a: string): void => { };
  constructor(private readonly r: number) { super() }
  abstract area(): number;
  @Input({ a: 1 }) async load<K extends keyof T>(key: K): Promise<T[K]> { return x; }
  catch(error: Error): this { return this; }
}
export const build: Handler = (event) => { };
export function over(a: string): string;
export function over(a: any): any { return a; }
export default function <T>(a: T) { return a }
namespace Inner { export const deep = <T,>(a: T): a is T => true; }
""",
        [
            "type Shape 1",
            "function Shape.area 2",
            "type Color 7",
            "type Circle 8",
            "function Circle.run 10",
            "function Circle.constructor 11",
            "function Circle.area 12",
            "function Circle.load 13",
            "function Circle.catch 14",
            "function build 16",
            "function over 17",
            "function over 18",
            "function deep 20",
        ],
    ),
    "A.java": (
        '''package a; /* class No { } */
import java.util.*;
@Config(value = "class No {", list = {1, 2})
public abstract class A<T extends Comparable<T>> extends B implements C, D {
  private static final Map<String, List<T>> MAP = new HashMap<>() {{ put("a", null); }};
  static { init(); }
  enum Color { RED(1) { @Override int f() { return 1; } }, GREEN; abstract int f(); Color(int a) {} }
  record Point(int x, int y) { Point { check(x); } double norm() { return 0; } }
  @interface Marker { int value() default 1; }
  public A(T a) throws IOException { this.a = a; }
  public <K> Map<K, T> map(final K[] keys, int... more) {
    return new Object() { void hidden() {} };
  }
  abstract void todo();
  int[] field = {1, 2}, other = f(3);
  interface Inner { default void run() { } }
  String text = """
      void no() { }
      """;
}
''',
        [
            "type A 4",
            "type A.Color 7",
            "function A.Color.f 7",
            "function A.Color.Color 7",
            "type A.Point 8",
            "function A.Point.norm 8",
            "type A.Marker 9",
            "function A.Marker.value 9",
            "function A.A 10",
            "function A.map 11",
            "function A.todo 14",
            "type A.Inner 16",
            "function A.Inner.run 16",
        ],
    ),
    "a.kt": (
        """package a
/* /* fun no() {} */ */
sealed interface Shape
data class Point(val x: Int, val y: Int = max(1, 2)) : Shape {
    fun norm(): Double = sqrt(x * x.toDouble())
    companion object { fun of(x: Int) = Point(x, 0) }
    init { println("fun no() { ${"class No"} }") }
}
enum class Color(val rgb: Int) { RED(1) { override fun f() = 1 }; abstract fun f(): Int }
object Registry : Base() { val map = object : Runnable { override fun run() {} } }
fun <T : Any> List<T>.second(): T? where T : Comparable<T> {
    return this[1]
}
inline fun `with blanks`(block: (Int) -> Unit) = block(1)
typealias Handler = (Int) -> Unit
val f = fun(x: Int): Int { return x }
fun interface Callback { fun call() }
""",
        [
            "type Shape 3",
            "type Point 4",
            "function Point.norm 5",
            "function Point.Companion.of 6",
            "type Color 9",
            "function Color.f 9",
            "function Color.f 9",
            "type Registry 10",
            "function Registry.run 10",
            "function second 11",
            "function with blanks 14",
            "type Callback 17",
            "function Callback.call 17",
        ],
    ),
    "a.go": (
        """package a

/* func no() {} */
type Shape interface {
	Area() float64
}

type (
	Point struct {
		X, Y int
	}
	Alias = Point
	ID    string
)

type Set[T comparable] map[T]struct{}

func (p *Point) Norm() float64 { return 0 }

func (s Set[T]) Has(v T) bool {
	type local struct{}
	f := func(a int) int { return a }
	return `func no() {`
}

func Map[T, U any](in []T, f func(T) U) (out []U, err interface{}) {
	return
}
""",
        [
            "type Shape 4",
            "type Point 9",
            "type ID 13",
            "type Set 16",
            "function Point.Norm 18",
            "function Set.Has 20",
            "function Map 26",
        ],
    ),
    "a.cs": (
        '''namespace A.B {
    using System;
    [Serializable, Attr("class No {")]
    public partial class Shape<T> : Base<T>, IShape where T : class, new() {
        private readonly Dictionary<string, List<T>> map = new() { ["a"] = new() };
        public string Name { get; set; } = $"{{void no() {{ {F("}")} }}";
        public int this[int i] { get { return 1; } }
        public event Action Changed { add { } remove { } }
        public Shape(int a) : base(a) { }
        ~Shape() { }
        public static Shape<T> operator +(Shape<T> a, Shape<T> b) => a;
        public static implicit operator string(Shape<T> s) { return @"""class No {"; }
        void IShape.Draw() { }
        public async Task<(int a, string b)> Load<K>(K key, string? x = null) where K : struct {
            void Local() { }
            return (1, """ void no() { """);
        }
#if DEBUG
        public void Debug() { }
#else
        public void Release() { }
#endif
        public delegate void Handler(int a);
        enum Color { Red = 1, Green }
    }
    public record Point(int X, int Y);
    public readonly record struct Size(int W) { public int Area() => W; }
    interface IShape { void Draw(); int Size { get; } }
    struct S { }
}
''',
        [
            "type Shape 4",
            "function Shape.Shape 9",
            "function Shape.~Shape 10",
            "function Shape.operator + 11",
            "function Shape.operator string 12",
            "function Shape.IShape.Draw 13",
            "function Shape.Load 14",
            "function Shape.Debug 19",
            "function Shape.Release 21",
            "type Shape.Color 24",
            "type Point 26",
            "type Size 27",
            "function Size.Area 27",
            "type IShape 28",
            "function IShape.Draw 28",
            "type S 29",
        ],
    ),
    "a.cpp": (
        r"""#include <vector>
#define DEFINE(x) \
  void no_##x() { }
namespace a::b {
template <typename T, typename = std::enable_if_t<(sizeof(T) > 1 && true)>>
class EXPORT Shape final : public Base<T>, private Other {
public:
  explicit Shape(int a) : Base<T>(a), b_{a, 2} { }
  virtual ~Shape() noexcept = default;
  bool operator==(const Shape &o) const { return true; }
  operator bool() const { return true; }
  void declared(int);
  struct Inner { int x; } inner;
  auto trailing() const -> std::vector<int> { return {}; }
};
enum class Color : int { Red, Green };
}
extern "C" {
static inline int plain(const char *s __attribute__((unused)), void (*cb)(int)) { struct Local { int a; }; return 0; }
}
typedef struct { int a; } Point;
typedef struct node { struct node *next; } node_t;
struct node *make(void)
{
  return 0;
}
template <class T> T a::b::Shape<T>::late(int x) { return x; }
TEST_CASE("x") { int y; }
int table[] = { 1, 2 };
#if 0
void off() {
#else
void on() {
#endif
}
const char *text = R"x(void no() { )x";
auto lambda = [](int a) { return a; };
union U { int a; };
""",
        [
            "type Shape 6",
            "function Shape.Shape 8",
            "function Shape.operator == 10",
            "function Shape.operator bool 11",
            "type Shape.Inner 13",
            "function Shape.trailing 14",
            "type Color 16",
            "function plain 19",
            "type plain.Local 19",
            "type Point 21",
            "type node 22",
            "function make 23",
            "function a.b.Shape.late 27",
            "function on 33",
            "type U 38",
        ],
    ),
    "a.rb": (
        """=begin
def no; end
=end
module Outer
  class Inner < Struct.new(:a)
    attr_reader :x
    def initialize(a) = @a = a
    def self.make(*args, &block)
      text = <<~SQL, 1
        def no
      SQL
      if text =~ /def no/ then 1 else %w(end end) end
      x = 5 if a && !b
      while x > 1 do x -= 1 end
      [1].each do |i| puts "#{i} end" end
    end
    def ready?; @x end
    def value=(v)
      case v when 1 then 2 end
    end
    def ==(other) other end
    class << self
      private def helper; end
    end
  end
end
def top(a, end: 1)
  { if: 1, class: 2 }
end
__END__
def no
""",
        [
            "type Outer 4",
            "type Outer.Inner 5",
            "function Outer.Inner.initialize 7",
            "function Outer.Inner.make 8",
            "function Outer.Inner.ready? 17",
            "function Outer.Inner.value= 18",
            "function Outer.Inner.== 21",
            "function Outer.Inner.helper 23",
            "function top 27",
        ],
    ),
    "a.php": (
        r"""<p>function no() {}</p>
<?php
namespace A\B;
# function no() {}
#[Attribute(class: "No")]
abstract class Shape extends Base implements Countable {
    use Helper;
    const TEXT = 'it\'s function no() {';
    public function __construct(private int $a = 1) {}
    abstract protected function area(): float;
    public static function &make(array $class): static {
        $f = function ($x) use ($class) { return $x; };
        return new class { public function inner() {} };
    }
}
interface HasArea { public function area(): float; }
trait Helper { private function help() { return <<<EOT
  function no() {}
  EOT; } }
enum Suit: string { case Hearts = 'H'; public function label(): string { return Shape::class; } }
function top() { ?> <b>class No {</b> <?php }
""",
        [
            "type Shape 6",
            "function Shape.__construct 9",
            "function Shape.area 10",
            "function Shape.make 11",
            "function Shape.make.inner 13",
            "type HasArea 16",
            "function HasArea.area 16",
            "type Helper 17",
            "function Helper.help 17",
            "type Suit 20",
            "function Suit.label 20",
            "function top 21",
        ],
    ),
    "a.rs": (
        r"""/* fn no() {} /* nested */ */
pub struct Point<'a, T: 'a> { x: &'a T, c: char }
struct Unit;
pub(crate) enum Shape { Circle { r: f64 }, Square(u8) }
union Bits { a: u32, b: f32 }
pub trait Area { fn area(&self) -> f64; fn twice(&self) -> f64 { 2.0 * self.area() } }
impl<'a, T> Area for Point<'a, T> where T: Fn(u8) -> u8 {
    fn area(&self) -> f64 { let c = '{'; let s = r#"fn no() {"#; 0.0 }
}
impl Point<'_, u8> { pub const fn new() -> Self { Point { x: &1, c: '\'' } } }
macro_rules! make { ($n:ident) => { fn $n() {} } }
mod tests { #[test] fn works() { fn inner() {} assert!(true); } }
async fn r#await(a: impl Fn() -> u8) -> Result<(), Box<dyn Error>> { quote! { fn no() {} } }
""",
        [
            "type Point 2",
            "type Unit 3",
            "type Shape 4",
            "type Bits 5",
            "type Area 6",
            "function Area.area 6",
            "function Area.twice 6",
            "function Point.area 8",
            "function Point.new 10",
            "function tests.works 12",
            "function tests.works.inner 12",
            "function await 13",
        ],
    ),
    "a.swift": (
        r"""/* func no() { /* */ } */
public final class Shape: Base, Drawable {
    let text = "func no() { \(f("}")) }"
    init(a: Int = 1) { super.init(b: a) }
    deinit { }
    static func make<T: Equatable>(_ a: T) -> Shape where T: Hashable { return Shape() }
    subscript(i: Int) -> Int { return i }
    class func build() {}
}
struct Point { var x = #"func no() {"# }
indirect enum Tree { case leaf, node(Tree) }
protocol Drawable { func draw(); init(x: Int) }
extension Point: Drawable { func draw() { func inner() {} } }
actor Store { }
func == (a: Point, b: Point) -> Bool { true }
func `default`() {}
""",
        [
            "type Shape 2",
            "function Shape.init 4",
            "function Shape.make 6",
            "function Shape.subscript 7",
            "function Shape.build 8",
            "type Point 10",
            "type Tree 11",
            "type Drawable 12",
            "function Drawable.draw 12",
            "function Drawable.init 12",
            "function Point.draw 13",
            "function Point.draw.inner 13",
            "type Store 14",
            "function == 15",
            "function default 16",
        ],
    ),
    "a.scala": (
        """package a
/* def no = 1 /* */ */
sealed trait Shape[+A] extends Base { def area: Double; val f = (x: Int) => x }
case class Point(x: Int, y: Int = 1)(implicit o: Ord) extends Shape[Int] {
  def area = s"def no ${x match { case _ => "}" }}".length
  def +(other: Point): Point = {
    def inner(a: Int) = a
    other
  }
  def unary_- = this
}
object Point { def apply[A: Ord](a: A): Point = ??? }
enum Color:
  case Red, Green
  def label: String =
    "a"
end Color
def top(x: Int)(using y: Int): Int = x
type Alias = Int
val c = 'a'; val s = 'symbol
""",
        [
            "type Shape 3",
            "function Shape.area 3",
            "type Point 4",
            "function Point.area 5",
            "function Point.+ 6",
            "function Point.+.inner 7",
            "function Point.unary_- 10",
            "type Point 12",
            "function Point.apply 12",
            "type Color 13",
            "function Color.label 15",
            "function top 18",
        ],
    ),
    "a.sh": (
        """#!/bin/bash
# no() { :; }
plain() { echo "no() {"; }
function dashed-name { cat <<'END'
no() {
END
}
function both() ( echo ${#a} $# )
sub.name ()
{
  local x='it no() {'
  echo "$(inner() { :; }; inner)"
}
array=()
case $1 in a) foo ;; esac
""",
        [
            "function plain 3",
            "function dashed-name 4",
            "function both 8",
            "function sub.name 9",
        ],
    ),
}


@pytest.mark.parametrize("path", SAMPLES)
def test_a_sample_of_each_language(path: str) -> None:
    text, expected = SAMPLES[path]
    symbols = symbols_of(path, text.encode())
    assert symbols is not None
    assert [f"{each.kind} {each.name} {each.line}" for each in symbols.definitions] == expected
    assert symbols.note == ("this Python cannot parse it, its definitions were read by a grammar" * (path == "new.py"))
    assert (symbols.unread, symbols.broken) == ("", 0)


def test_every_grammar_is_installed_with_the_package() -> None:
    wanted = {re.split("[<>=~!; ]", name)[0] for name in requires("git-hotfix") or ()}
    assert {each.package for each in LANGUAGES if each.package} <= wanted


def test_every_language_has_a_sample() -> None:
    assert [language.id for language in LANGUAGES] == sorted(language.id for language in LANGUAGES)
    assert {language.id for path in SAMPLES if (language := language_of(path))} == {each.id for each in LANGUAGES}


@pytest.mark.parametrize("path", SAMPLES)
def test_line_ends_and_marks_change_nothing(path: str) -> None:
    text, _ = SAMPLES[path]
    plain = symbols_of(path, text.encode())
    assert plain is not None
    assert symbols_of(path, text.replace("\n", "\r\n").encode()) == plain
    if not text.startswith("#!"):
        assert symbols_of(path, b"\xef\xbb\xbf" + text.encode()) == plain
        assert symbols_of(path, text.encode("utf-16")) == plain


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("src/A.PY", "python"),
        ("a.pyi", "python"),
        ("a.test.tsx", "typescript"),
        ("a.d.mts", "typescript"),
        ("a.mjs", "javascript"),
        ("a.jsx", "javascript"),
        ("build.gradle.kts", "kotlin"),
        ("a.h", "c_cpp"),
        ("a.rake", "ruby"),
        ("a.zsh", "shell"),
        ("README.md", None),
        ("py", None),
        ("Makefile", None),
    ],
)
def test_the_ending_tells_the_language(path: str, language: str | None) -> None:
    found = language_of(path)
    assert (found and found.id) == language


@pytest.mark.parametrize(
    ("first", "language"),
    [
        ("#!/bin/sh", "shell"),
        ("#!/usr/bin/env bash", "shell"),
        ("#! /usr/bin/env -S python3.12 -u", "python"),
        ("#!/usr/bin/env ruby", "ruby"),
        ("#!/usr/bin/perl", None),
        ("# /bin/sh", None),
    ],
)
def test_a_script_says_what_runs_it(first: str, language: str | None) -> None:
    symbols = symbols_of("bin/deploy", f"{first}\n".encode())
    assert (symbols and symbols.language) == language
    assert symbols_of("bin/deploy.txt", f"{first}\n".encode()) is None


def test_what_is_not_read_says_so() -> None:
    large = symbols_of("a.go", b"func a() {}\n" + b"//" * 500_000)
    assert large is not None
    assert (large.definitions, large.unread) == ((), "it is larger than 1 MB, its definitions were not read")
    binary = symbols_of("a.go", b"func a() {}\n\0")
    assert binary is not None
    assert (binary.definitions, binary.unread) == ((), "it holds NUL bytes, its definitions were not read")


@pytest.mark.parametrize(
    ("path", "piece"),
    [("a.cpp", "a<b<c<"), ("A.java", "a<b<c<"), ("A.java", "class A{"), ("a.js", "class A{"), ("a.rs", "f(")],
)
def test_what_no_code_opens_is_not_parsed(path: str, piece: str) -> None:
    symbols = symbols_of(path, piece.encode() * 4_000)
    assert symbols is not None
    assert (symbols.definitions, symbols.unread) == ((), "it is too tangled, its definitions were not read")


def test_a_parser_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "SECONDS", -1.0)
    assert symbols_of("late.go", b"package late\nfunc a() {}\n" * 1000) == FileSymbols(
        "go", unread="it is too tangled, its definitions were not read"
    )


@pytest.mark.parametrize(("path", "piece"), [("a.kt", b"object "), ("a.cs", b"if x\n"), ("a.scala", b"object ")])
def test_what_is_no_code_uses_up_the_time_for_all_files_and_code_is_still_read(path: str, piece: bytes) -> None:
    """The process is said to be a hundred times as fast as those that were measured."""
    allowance = tree.Allowance(0.0007)
    for _ in range(2):
        assert symbols_of(path, piece * 2_000, allowance) == FileSymbols(
            language_of(path).id,  # type: ignore[union-attr]
            unread="it is too tangled, its definitions were not read",
        )
    found = symbols_of(path, b"class A { }\n", allowance)
    assert found is not None
    assert ([each.name for each in found.definitions], found.unread, found.broken) == (["A"], "", 0)


def test_what_a_text_takes_less_than_usual_is_left_for_the_next() -> None:
    now = time.process_time()
    allowance = tree.Allowance(1.0)
    allowance.spend(now - 0.5, 0)  # takes all and more
    assert not allowance.allows(now - 0.2, 0)
    allowance.spend(now, 40_000)
    assert allowance.allows(now - 0.1, 0)
    allowance.spend(now, 10**9)  # and is never more than it was
    assert not allowance.allows(now - 0.5, 0)


def test_a_file_that_ends_within_an_annotation_ends() -> None:
    """Kotlin's scanner looks for the blank behind it, and found the end of the file again and again."""
    symbols = symbols_of("a.kt", b"class A {\n  val a = 1\n  @Foo")
    assert symbols is not None
    assert ([each.name for each in symbols.definitions], symbols.unread) == (["A"], "")


def test_a_grammar_that_is_missing_is_said_and_never_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_kotlin", None)
    tree._parser.cache_clear()
    assert symbols_of("missing.kt", b"class Missing\n") == FileSymbols(
        "kotlin",
        unread="not available: tree-sitter-kotlin is missing or of another version",
        hint="install git-hotfix again, with what it depends on",
    )
    assert symbols_of("missing.go", b"package missing\ntype Here int\n") is not None


def names(path: str, text: str) -> list[str]:
    symbols = symbols_of(path, text.encode())
    assert symbols is not None
    assert (symbols.unread, symbols.broken) == ("", 0)
    return [each.name for each in symbols.definitions]


def test_ruby_returns_unless_and_keeps_the_class_below() -> None:
    text = "class A\n  def f\n    return unless ready\n    1\n  end\n\n  def g\n    1\n  end\nend\nclass B; end\n"
    assert names("a.rb", text) == ["A", "A.f", "A.g", "B"]


def test_rust_modules_give_their_name() -> None:
    text = "mod a { pub fn f() {} pub mod b { pub struct S; impl S { fn g() {} } } }\nfn f() {}\n"
    assert names("a.rs", text) == ["a.f", "a.b.S", "a.b.S.g", "f"]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        # One branch of a conditional within a statement, all of those between two.
        ("a.cs", "class A : B\n#if X\n, C\n#endif\n{\n#if Y\nvoid F() { }\n#else\nvoid G() { }\n#endif\n}\n",
         ["A", "A.F", "A.G"]),
        ("a.cs", "class A { void IList<int>.F() { } void IMap<int>.F() { } }\n", ["A", "A.IList.F", "A.IMap.F"]),
        ("a.swift", "class A {\n  func f() { done(()) }\n  func g(h: () -> Void) -> () { return () }\n}\n",
         ["A", "A.f", "A.g"]),
        ("a.swift", "extension A.B { func f() { } }\nprefix func ! (a: A) -> A { a }\n", ["A.B.f", "!"]),
        ("a.kt", "fun interface A { fun f() }\nannotation class B\n", ["A", "A.f", "B"]),
        ("a.kt", "class A {\n  companion object B {\n    fun f() = 1\n  }\n}\n", ["A", "A.B", "A.B.f"]),
        ("a.js", "this.f = () => 1; a.b.g = function () {}; a[h] = function () {}\n", ["f", "g"]),
        ("a.ts", "const a: A = { f() {} } as A\n", ["a.f"]),
        ("a.tsx", "const A = () => <B<C> f={() => 1}>text</B>\n", ["A"]),
        ("a.rs", "impl<T> F for [T; 2] { fn f() {} }\nimpl dyn a::G { fn g() {} }\n", ["[T; 2].f", "G.g"]),
        ("a.go", "package a\n\nfunc (Set[K]) f() {}\nfunc (*M) g() {}\n", ["Set.f", "M.g"]),
        ("a.rb", "class A::B\n  def c=(v) = 1\n  def <=>(o) = 1\nend\n", ["B", "B.c=", "B.<=>"]),
    ],
)  # fmt: skip
def test_what_has_its_name_elsewhere(path: str, text: str, expected: list[str]) -> None:
    assert names(path, text) == expected


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("A.java", "class A {\n  void f() {\n}\n\nclass B {\n}\n", 6),
        ("a.go", "package a\n\nfunc f( {\n}\n", 3),
        ("a.rb", "class A\n  def f\n    1 +\n  end\nend\n", 1),
        ("a.cs", "class A {\n#if X\n  void f( { }\n#endif\n}\n", 3),
        ("a.kt", "class A {\n  fun f() { return 1 + }\n}\n", 2),
    ],
)
def test_what_does_not_parse_says_where(path: str, text: str, line: int) -> None:
    symbols = symbols_of(path, text.encode())
    assert symbols is not None
    assert (symbols.unread, symbols.broken) == ("", line)


def test_a_conditional_is_read_once_where_its_branches_share_a_body() -> None:
    text = (
        "#ifdef A\nint f(int a)\n#else\nint f(long a)\n#endif\n{\n}\n#if X\nint g() { }\n#elif Y\nint g() { }\n#endif\n"
    )
    symbols = symbols_of("a.c", text.encode())
    assert symbols is not None
    assert [(each.name, each.line) for each in symbols.definitions] == [("f", 2), ("g", 9), ("g", 11)]


def test_a_macro_is_given_text_where_a_function_has_parameters() -> None:
    text = 'TEST_CASE("a", "b") { }\nint run(int x = arg("-x"), int y = arg("-y")) { }\nCASE(Fixture, "c") { }\n'
    symbols = symbols_of("a.cpp", text.encode())
    assert symbols is not None
    assert [(each.name, each.line) for each in symbols.definitions] == [("run", 2)]


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        ("a.scala", "val `*/*` = 1\nval `a \"b` = 2\ndef f = 1\n", ["f"]),
        ("a.kt", "val `it's /* here` = 1\nfun f() {}\n", ["f"]),
        ("a.ts", "bench('a', () => {\n})\n\n{\n  a()\n}\nfunction f<T>(): { a: () => void } { return v }\n", ["f"]),
        ("a.ts", "const a: Slots<{ update: (value: number) => void }> = b;\nf((x = () => 1) => x);\n", []),
        ("a.js", "if (a) { b(1) }\nfor (const c of d(2)) { e() }\nswitch (g(4)) { case 1: h(5) }\n", []),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_definition(path: str, text: str, names: list[str]) -> None:
    symbols = symbols_of(path, text.encode())
    assert symbols is not None
    assert [each.name for each in symbols.definitions] == names
