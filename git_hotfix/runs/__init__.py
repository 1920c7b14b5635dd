"""One run at a time, kept before it acts and known after it ended."""
