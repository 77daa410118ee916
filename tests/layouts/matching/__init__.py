"""Tests of layouts.matching."""
