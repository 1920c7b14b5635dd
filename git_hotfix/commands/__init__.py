"""One file a subcommand: it declares its arguments and composes the rooms. The table of commands is in `cli`."""
