"""Where things are: ruling lines, grids, templates, matching, joining pages and splitting forms."""
