"""Hostile files, each with the outcome that has a name."""

from tests.hostile.cases import HostileCase, write_hostile

__all__ = ["HostileCase", "write_hostile"]
