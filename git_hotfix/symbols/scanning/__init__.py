"""The languages that are read without a grammar: literals taken out in one linear pass, tokens, brackets, and what they
declare. Half of the C and C++ files that lean on a preprocessor do not parse by theirs, and six in ten of zsh's."""
