"""Step 7: numbers are decided together, from what the pixels offer and what the form's own rules admit."""

from postprocess.reconcile.habits import UNKNOWN, Habits
from postprocess.reconcile.office import habits_around
from postprocess.reconcile.settle import Settled, reconcile

__all__ = ["UNKNOWN", "Habits", "Settled", "habits_around", "reconcile"]
