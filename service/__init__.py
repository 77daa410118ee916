"""The doors: pipeline, command line, workers, document JSON, workbook."""
