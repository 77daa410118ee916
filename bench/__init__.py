"""Speed and accuracy: each script says what it measures, on what, and how to rerun it."""
