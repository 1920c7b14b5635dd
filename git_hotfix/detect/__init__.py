"""A repository's own scheme, for init."""
