"""What is known of one hotfix: found, where it starts, whether it is on production."""
