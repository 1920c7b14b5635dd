"""Dependency manifests: one file per ecosystem, found by being there. Each reads bytes and runs nothing."""
