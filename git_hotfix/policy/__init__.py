"""The policy of a team: read, written, and described."""
