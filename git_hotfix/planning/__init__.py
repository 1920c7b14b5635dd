"""Pure planning: from what was seen to what shall be done. No git, no disk."""
