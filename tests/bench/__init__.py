"""Tests of what the benches compute by themselves."""
