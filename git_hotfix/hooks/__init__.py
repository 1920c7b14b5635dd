"""What a push brings, line by line, and how the gate comes in front of it."""
