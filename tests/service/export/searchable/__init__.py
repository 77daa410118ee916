"""Tests of `service.export.searchable`."""
