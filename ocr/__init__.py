"""Pixels to text: open and rasterize, straighten, clean, find text lines, recognize."""
