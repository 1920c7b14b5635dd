"""The form of a hotfix: printed for an editor, read back, refused with words, and proposed from facts."""
