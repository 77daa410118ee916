"""Tests of service.archiving."""
