"""The languages: which files are read, by which grammar, and which of its nodes are types and functions.

A language is one row. A grammar is a package of its own, imported when a file of its language has changed. What it
calls its nodes is printed by `bench/definitions.py --tree FILE`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from git_hotfix.model.frozen import frozen, replace
from git_hotfix.symbols import naming, rewriting
from git_hotfix.symbols.naming import Naming

# A script without an ending says in its first line what runs it.
_INTERPRETERS = {
    "sh": ".sh", "bash": ".sh", "dash": ".sh", "ksh": ".sh", "zsh": ".sh", "python": ".py", "ruby": ".rb",
    "node": ".js", "php": ".php",
}  # fmt: skip


@frozen
class Language:
    """One language, and what its grammar calls things.

    `suffixes` are the endings of its files, with the dot, in lower case. `package` is the grammar's ("": a reader of
    its own in `scanning/`), `grammar` the function of it that returns the grammar. `types` and `functions` are the
    nodes that are known by the name in their field `name`; `named` says of other nodes what they mean. In `closed`
    nothing is looked for: nobody else can call what stands there. `rewrite` is how a text is put that the grammar
    does not know.
    """

    id: str
    suffixes: tuple[str, ...]
    package: str = ""
    grammar: str = "language"
    types: str = ""
    functions: str = ""
    named: Mapping[str, Naming] | None = None
    closed: str = ""
    rewrite: Callable[[str], str] | None = None


_ECMASCRIPT_TYPES = "class_declaration class"
_ECMASCRIPT_FUNCTIONS = (
    "function_declaration generator_function_declaration function_expression generator_function method_definition"
)
_ECMASCRIPT_VALUES: Mapping[str, Naming] = {
    "variable_declarator": naming.name_of_value("name", "value"),
    "pair": naming.name_of_value("key", "value"),
    "assignment_expression": naming.name_of_value("left", "right"),
    "field_definition": naming.name_of_value("property", "value"),
    "public_field_definition": naming.name_of_value("name", "value"),
}
_TYPESCRIPT = Language(
    "typescript",
    (".ts", ".mts", ".cts"),
    "tree-sitter-typescript",
    "language_typescript",
    types=f"{_ECMASCRIPT_TYPES} abstract_class_declaration interface_declaration enum_declaration",
    functions=f"{_ECMASCRIPT_FUNCTIONS} function_signature",
    named={
        **_ECMASCRIPT_VALUES,
        "method_signature": naming.signature,
        "abstract_method_signature": naming.signature,
    },
    closed="comment string type_alias_declaration type_annotation type_arguments type_parameters",
)
LANGUAGES = (
    Language("c_cpp", tuple(".c .h .cc .cpp .cxx .c++ .hh .hpp .hxx .h++ .inl .ipp .tpp".split())),
    Language(
        "csharp",
        (".cs",),
        "tree-sitter-c-sharp",
        types="class_declaration interface_declaration struct_declaration enum_declaration record_declaration",
        functions="constructor_declaration local_function_statement",
        named={
            "method_declaration": naming.sharp_method,
            "destructor_declaration": naming.destructor,
            "operator_declaration": naming.operator,
            "conversion_operator_declaration": naming.operator,
        },
        closed="block arrow_expression_clause field_declaration event_field_declaration property_declaration "
        "indexer_declaration event_declaration attribute_list enum_member_declaration_list",
        rewrite=rewriting.pick_one_branch,
    ),
    Language(
        "go",
        (".go",),
        "tree-sitter-go",
        types="type_spec",
        functions="function_declaration",
        named={"method_declaration": naming.method_with_receiver},
        closed="block struct_type interface_type var_declaration const_declaration import_declaration",
    ),
    Language(
        "java",
        (".java",),
        "tree-sitter-java",
        types="class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration",
        functions="method_declaration constructor_declaration annotation_type_element_declaration",
        closed="block constructor_body field_declaration constant_declaration enum_constant modifiers",
    ),
    Language(
        "javascript",
        (".js", ".mjs", ".cjs", ".jsx"),
        "tree-sitter-javascript",
        types=_ECMASCRIPT_TYPES,
        functions=_ECMASCRIPT_FUNCTIONS,
        named=_ECMASCRIPT_VALUES,
        closed="comment string",
    ),
    Language(
        "kotlin",
        (".kt", ".kts"),
        "tree-sitter-kotlin",
        types="class_declaration object_declaration",
        functions="function_declaration",
        named={"companion_object": naming.companion, "infix_expression": naming.annotation_class},
        closed="import package_header modifiers",
        rewrite=rewriting.add_semicolons,
    ),
    Language(
        "php",
        (".php", ".phtml", ".inc"),
        "tree-sitter-php",
        "language_php",
        types="class_declaration interface_declaration trait_declaration enum_declaration",
        functions="function_definition method_declaration",
    ),
    Language(
        "python",
        (".py", ".pyi", ".pyw"),
        "tree-sitter-python",
        types="class_definition",
        functions="function_definition",
        named={"assignment": naming.lambda_},
    ),
    Language(
        "ruby",
        (".rb", ".rake", ".gemspec", ".ru"),
        "tree-sitter-ruby",
        functions="method singleton_method",
        named={"class": naming.constant, "module": naming.constant},
    ),
    Language(
        "rust",
        (".rs",),
        "tree-sitter-rust",
        types="struct_item enum_item union_item trait_item",
        named={
            "function_item": naming.rust_function,
            "function_signature_item": naming.rust_function,
            "impl_item": naming.impl_block,
            "mod_item": naming.by_field(None),
        },
        closed="use_declaration attribute_item token_tree",
    ),
    Language(
        "scala",
        (".scala", ".sc"),
        "tree-sitter-scala",
        types="class_definition trait_definition object_definition enum_definition package_object",
        functions="function_definition function_declaration",
        closed="import_declaration",
    ),
    Language("shell", (".sh", ".bash", ".zsh", ".ksh")),
    Language(
        "swift",
        (".swift",),
        "tree-sitter-swift",
        types="protocol_declaration",
        named={
            "class_declaration": naming.swift_type,
            "function_declaration": naming.swift_function,
            "protocol_function_declaration": naming.swift_function,
            "init_declaration": naming.keyword("init"),
            "subscript_declaration": naming.keyword("subscript"),
        },
        closed="import_declaration",
        rewrite=rewriting.replace_empty_tuples,
    ),
    _TYPESCRIPT,
)
# JSX takes the sign that opens a list of types, so its files have a grammar of their own.
_TSX = replace(_TYPESCRIPT, suffixes=(".tsx",), grammar="language_tsx")


def language_of(path: str) -> Language | None:
    """The language of the file at `path`, or None when no language here reads it."""
    name = path.rpartition("/")[2].lower()
    return next((language for language in (*LANGUAGES, _TSX) if name.endswith(language.suffixes)), None)


def language_by_script(path: str, content: bytes) -> Language | None:
    """The language of a script whose path has no ending, by its first line; None for anything else."""
    if "." in path.rpartition("/")[2] or not content.startswith(b"#!"):
        return None
    words = content[2:200].partition(b"\n")[0].decode("latin-1").replace("/", " ").split()
    words = [word.rstrip("0123456789.") for word in words]
    return next((language_of(f"x{_INTERPRETERS[word]}") for word in words if word in _INTERPRETERS), None)
