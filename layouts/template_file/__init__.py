"""Templates as YAML files: read, checked with all faults at once, turned into `models.template.Template`."""

from layouts.template_file.load import MAX_BYTES, builtin_templates, load_template

__all__ = ["MAX_BYTES", "builtin_templates", "load_template"]
