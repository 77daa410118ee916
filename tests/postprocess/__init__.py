"""Tests of postprocess."""
