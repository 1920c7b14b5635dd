"""A fix, brought to every branch that needs it."""
