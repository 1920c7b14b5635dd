"""What the .NET reader is made of: one file a kind of manifest."""
