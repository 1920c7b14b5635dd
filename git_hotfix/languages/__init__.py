"""What source files define, in any language: one file each."""
