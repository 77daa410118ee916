"""Tests of service.serving."""
