"""The only room that changes anything, and it changes the remote first."""
