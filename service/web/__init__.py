"""The upload endpoint: one scan over HTTP, its record back, and who may do what (docs/api.md)."""
