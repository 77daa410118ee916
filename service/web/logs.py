"""Structured logs: one JSON object a line. Headers, queries and bodies are never written: secrets and names stand there."""

import json
import logging
from typing import Any

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
"""What every record has; the rest came as ``extra``."""


class JsonLines(logging.Formatter):
    """Writes a record as JSON: time, level, logger, message, what came as ``extra``, and the trace of an error."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; line ends within are escaped, so that no text can forge a record."""
        said: dict[str, Any] = {
            "at": f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03}",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        said |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=True, default=str)
