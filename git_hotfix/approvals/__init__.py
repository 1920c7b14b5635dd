"""Who agreed to a hotfix and to what it needs: drafted, read, judged."""
