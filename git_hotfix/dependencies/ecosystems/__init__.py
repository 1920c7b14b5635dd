"""One reader an ecosystem, found by being here."""
