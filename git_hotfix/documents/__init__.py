"""Texts for people, filled in from facts: pull requests, hook entries."""
