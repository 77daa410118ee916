"""Test forms: both forms with contents of our own, printed and scanned in software, with their truth.

``python -m tests.forms OUT --count N --seed S`` writes NAME.pdf and NAME.truth.json.
"""

from tests.forms.generate import KINDS, generate

__all__ = ["KINDS", "generate"]
