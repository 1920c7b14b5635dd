"""Whether a released hotfix is what its record says, told from what is in the clone alone."""
