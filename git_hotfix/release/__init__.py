"""Production gets the fix, and the tag that says so."""
