"""Only this room runs git and imports GitPython and unidiff. A function is one question or one act."""
