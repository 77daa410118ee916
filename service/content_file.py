"""A page's content as bytes, for handing it between processes and keeping it: MessagePack of plain values, never pickle."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from models.content import PageContent

_DTYPES = ("<f8", "<f4", "<i4")
"""Types of the arrays inside a `PageContent`; nothing else is accepted."""


def encode(content: PageContent) -> bytes:
    """All of ``content`` including lattices."""
    return msgspec.msgpack.encode(content, enc_hook=_plain)


def decode(data: bytes) -> PageContent:
    """The value that `encode` was given.

    Raises:
        msgspec.ValidationError: ``data`` is not what `encode` writes.
        msgspec.DecodeError: ``data`` is cut off.
    """
    return msgspec.msgpack.decode(data, type=PageContent, dec_hook=_array)


def _plain(value: object) -> list[object]:
    if isinstance(value, np.ndarray) and (dtype := value.dtype.newbyteorder("<").str) in _DTYPES:
        return [dtype, list(value.shape), value.astype(dtype, copy=False).tobytes()]
    raise NotImplementedError(f"cannot encode {type(value)}")


def _array(_: type, value: Any) -> NDArray[Any]:
    dtype, shape, data = value
    if dtype not in _DTYPES:
        raise ValueError(f"array of type {dtype!r}")
    return np.frombuffer(data, np.dtype(dtype)).reshape(shape)
