"""What gates ask of Python files, by their tree: hints and imports. Imported only where Python changed."""
