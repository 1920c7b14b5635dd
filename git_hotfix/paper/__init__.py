"""The paper of a hotfix: all that is known of it, gathered for its documents, and what is still missing."""
