"""Tests of `postprocess.reconcile`."""
