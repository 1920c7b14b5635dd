"""The only room that runs git, and the only importer of GitPython and unidiff. A function is one question or one act."""
