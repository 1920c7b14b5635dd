"""What the conda reader is made of: one file a kind of manifest."""
