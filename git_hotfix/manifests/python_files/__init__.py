"""What the Python reader is made of: one file a kind of manifest."""
