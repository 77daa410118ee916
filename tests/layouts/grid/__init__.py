"""Tests of `layouts.grid`."""
