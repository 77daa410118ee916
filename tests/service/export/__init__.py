"""Tests of `service.export`."""
