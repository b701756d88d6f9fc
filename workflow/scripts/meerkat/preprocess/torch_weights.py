"""Reads weights from PyTorch's legacy file format without PyTorch, and without running code from a pickle.

Format (torch.serialization, files written before PyTorch 1.6): four pickles (magic number, protocol version, system
information, the state dictionary whose tensors refer to storages by key), a pickled list of storage keys, then for
each key its element count (int64) and its raw elements, little-endian.
"""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from ..errors import UserError

_MAGIC = 0x1950A86A20F9469CFC6C
_STORAGE_TYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _Storage(NamedTuple):
    key: str
    dtype: np.dtype
    elements: int


class _Tensor(NamedTuple):
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]  # in elements


class _RestrictedUnpickler(pickle.Unpickler):
    """Builds only ordered dictionaries and descriptions of tensors; any other name in the pickle is refused."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: _Tensor(storage, offset, shape, strides)
        if module == "torch" and name in _STORAGE_TYPES:
            return _STORAGE_TYPES[name]
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed in a weights file")

    def persistent_load(self, pid):
        _, dtype, key, _, elements, _ = pid
        return _Storage(key, dtype, elements)


def read(path: Path | str) -> dict[str, np.ndarray]:
    """The tensors of a legacy `.pth` state dictionary by name, float32 or int64, in PyTorch's layout.

    Raises UserError if the file is not such a file.
    """
    try:
        with Path(path).open("rb") as file:
            return _read(file)
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise UserError(f"{path} is not a legacy PyTorch weights file ({error}).") from None


def _read(file: BinaryIO) -> dict[str, np.ndarray]:
    if _RestrictedUnpickler(file).load() != _MAGIC:
        raise ValueError("wrong magic number")
    _RestrictedUnpickler(file).load()  # protocol version
    _RestrictedUnpickler(file).load()  # system information
    tensors = _RestrictedUnpickler(file).load()
    keys = _RestrictedUnpickler(file).load()
    storages = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
    elements = {}
    for key in keys:
        count = int.from_bytes(file.read(8), "little")
        dtype = storages[key].dtype
        elements[key] = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    return {name: _view(elements[tensor.storage.key], tensor) for name, tensor in tensors.items()}


def _view(elements: np.ndarray, tensor: _Tensor) -> np.ndarray:
    """The tensor as a view of its storage. Tensors converted from TensorFlow have permuted strides, which this respects."""
    last = tensor.offset + sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.strides, strict=True))
    if min(tensor.strides, default=0) < 0 or not 0 <= tensor.offset <= last < len(elements):
        raise ValueError("a tensor reaches beyond its storage")
    strides = [stride * elements.itemsize for stride in tensor.strides]
    return np.lib.stride_tricks.as_strided(elements[tensor.offset :], tensor.shape, strides, writeable=False)
