"""Records out of the archive, for other programs and other eyes: tidy CSV and Parquet, JSON Lines, the workbook, searchable PDF/A."""
