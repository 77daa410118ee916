"""Tests of what reviewers do."""
