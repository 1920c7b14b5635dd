"""What the languages are read with: literals taken out in one linear pass, tokens, brackets, and nesting."""
