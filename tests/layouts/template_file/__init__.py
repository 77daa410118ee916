"""Tests of layouts.template_file."""
