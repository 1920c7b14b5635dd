"""What people and programs read. One file a format; `text.py` alone knows rich."""
