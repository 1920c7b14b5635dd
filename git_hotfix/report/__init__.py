"""What people and programs read. A verdict's formats are one file each in `formats/`; `text.py` alone knows rich."""
