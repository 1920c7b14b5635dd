"""Only this room runs git and imports unidiff. A function is one question or one act."""
