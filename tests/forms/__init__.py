"""Draws forms with known contents and scans them in software."""
