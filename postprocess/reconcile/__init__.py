"""Step 7: numbers are decided together, from what the pixels offer and what the form's own rules admit."""

from postprocess.reconcile.settle import Settled, reconcile

__all__ = ["Settled", "reconcile"]
