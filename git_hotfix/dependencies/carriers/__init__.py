"""Files that carry the project's own version: one reader a format, bound to the names of files in `table`."""
