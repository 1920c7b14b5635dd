"""What the JavaScript reader is made of: one file a kind of manifest or lock file."""
