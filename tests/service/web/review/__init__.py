"""Tests of the reviewer's API."""
