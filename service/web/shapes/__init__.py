"""What goes over the wire, as pydantic models with examples: the source of ``/api/v1/openapi.json``."""
