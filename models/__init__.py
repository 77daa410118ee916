"""The nouns: what a page, a cell, a reading, a field, a form and a finding are.

Everything here is a frozen value. This package imports nothing of ours, no cv2, no pandas and no web framework.
"""
