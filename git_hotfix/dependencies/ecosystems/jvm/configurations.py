"""What a Gradle configuration is for, by its name."""

from __future__ import annotations

import re

from git_hotfix.dependencies.ecosystems.jvm.statements import Block
from git_hotfix.dependencies.registry import Scope

_DEVELOPMENT = frozenset(
    "test tests testing debug jmh benchmark benchmarks spec lint ktlint detekt checkstyle pmd spotbugs findbugs jacoco"
    " cobertura codenarc dokka asciidoctor asciidoctorj development dev".split()
)
_BUILD = frozenset("artifact kapt ksp processor processors errorprone plugin plugins".split())
# The ends of configuration names that people declare with; anything else with arguments may be any method.
_CONFIGURATION = r"(?i).*(?:implementation|api|compile|runtime|only|classpath|processor|provided|kapt\w*|ksp\w*)"


def is_configuration(name: str) -> bool:
    """True when `name` is surely a configuration."""
    return re.fullmatch(_CONFIGURATION, name) is not None


def scope_of(configuration: str, blocks: tuple[Block, ...]) -> Scope:
    """The scope of a dependency of `configuration` that is declared in these blocks.

    `compileOnly` is for production, too: a container brings the same thing.
    """
    if any(block.name in ("buildscript", "pluginManagement", "initscript") for block in blocks):
        return "build"
    parts = _parts(configuration)
    if parts & _DEVELOPMENT or _is_test_suite(blocks):
        return "development"
    # runtimeClasspath is what a lock file calls production's own.
    return "build" if parts & _BUILD or configuration == "classpath" else "runtime"


def _parts(name: str) -> set[str]:
    """`androidTestImplementation` → android, test, implementation."""
    return {part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def _is_test_suite(blocks: tuple[Block, ...]) -> bool:
    names = [block.name for block in blocks]
    if "suites" in names or ("testing" in names and "dependencies" in names):
        return True
    # Kotlin Multiplatform: sourceSets { commonTest { dependencies { … } } }, sourceSets.commonTest.dependencies { … }
    started = False
    for block in blocks:
        started = started or "sourceSets" in block.words
        if started and any(_parts(word) & {"test", "tests"} for word in block.words):
            return True
    return False
