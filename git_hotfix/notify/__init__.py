"""Telling people of a hotfix: messages by Apprise, and one comment on the issue.

Whom to tell stands in the user's own git configuration and nowhere else. That somebody could not be told stops no fix.
"""
