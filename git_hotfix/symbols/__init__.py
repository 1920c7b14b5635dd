"""What a source file defines (`read.symbols_of`), and what a change defines anew (`changes.changes_of`)."""
