"""Tests of what corrections teach."""
