"""The logbook of a hotfix: what happened, when, and who said so."""
