"""Which paths are source code: what a new module or a source file with a stray NUL byte is told by."""

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


def is_source(path: str, *, suffixes: tuple[str, ...] = SUFFIXES, names: tuple[str, ...] = NAMES) -> bool:
    """True when the last component of `path` has one of `suffixes` (without case) or is one of `names`."""
    name = path.rpartition("/")[2]
    return name in names or name.lower().endswith(suffixes)
