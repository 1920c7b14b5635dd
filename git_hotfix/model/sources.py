"""Which paths are source code, or data that a program reads; what a new module is told by."""

from __future__ import annotations

# No .sql: a fix that needs a migration adds one by nature, and no markup or data.
SUFFIXES: tuple[str, ...] = tuple(
    ".py .pyi .pyx .js .mjs .cjs .jsx .ts .mts .cts .tsx .vue .svelte .java .kt .kts .scala .groovy .clj .cljs .go .rs "
    ".c .cc .cpp .cxx .h .hh .hpp .hxx .m .mm .swift .cs .fs .vb .rb .erb .php .pl .pm .lua .r .jl .dart .ex .exs .erl "
    ".hs .ml .mli .elm .nim .zig .sh .bash .zsh .ps1 .psm1 .tf .proto .asm .s .f90 .cob .cbl .sol".split()
)
NAMES: tuple[str, ...] = (
    "Dockerfile", "Containerfile", "Makefile", "GNUmakefile", "Rakefile", "Jenkinsfile", "Vagrantfile",
)  # fmt: skip

# Endings of what a program reads: with one of these, a name that begins like a document's is none (news.sql).
DATA: tuple[str, ...] = tuple(
    ".sql .html .htm .xhtml .css .scss .sass .less .styl .json .json5 .jsonc .yml .yaml .xml .xsl .xslt .xsd .wsdl "
    ".properties .ini .cfg .conf .toml .env .csv .tsv .graphql .gql .hbs .mustache .ejs .haml .slim .twig .liquid "
    ".jinja .j2 .tpl .tmpl .jsp .jspx .asp .aspx .cshtml .razor .xaml .resx .plist .coffee .astro .mdx .gradle .sbt "
    ".bat .cmd .fish .awk .sed .jar .class .so .dll .exe .wasm .bin .avsc .thrift".split()
)


def is_source(path: str, *, suffixes: tuple[str, ...] = SUFFIXES, names: tuple[str, ...] = NAMES) -> bool:
    """True when the last component of `path` has one of `suffixes` (without case) or is one of `names`."""
    name = path.rpartition("/")[2]
    return name in names or name.lower().endswith(suffixes)
