"""Gzipped TFRecord files of `tf.train.Example`, without TensorFlow, whose import takes seconds.

A record is its length, a checksum of the length, its content, and a checksum of that (little-endian; CRC-32C, masked):
https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
"""

import gzip
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import google_crc32c
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError, Message

_HEADER, _CHECKSUM = struct.Struct("<QI"), struct.Struct("<I")
# Our records are far smaller: a damaged length must not ask for all memory.
_LARGEST = 1 << 30
# The fastest compression: files are 5 % larger than with gzip's default level, and written in a third of the time.
_LEVEL = 1

_Field = descriptor_pb2.FieldDescriptorProto


def _example_type() -> type[Message]:
    """The message of tensorflow/core/example/example.proto, as its bytes are laid out: a map is a list of entries, and packed floats are
    bytes, which numpy reads directly."""
    file = descriptor_pb2.FileDescriptorProto(name="meerkat/example.proto", package="meerkat", syntax="proto3")
    messages = {
        "BytesList": [("value", 1, _Field.TYPE_BYTES, True)],
        "FloatList": [("value", 1, _Field.TYPE_BYTES, False)],
        "Int64List": [("value", 1, _Field.TYPE_INT64, True)],
        "Feature": [("bytes_list", 1, "BytesList", False), ("float_list", 2, "FloatList", False), ("int64_list", 3, "Int64List", False)],
        "Entry": [("key", 1, _Field.TYPE_STRING, False), ("value", 2, "Feature", False)],
        "Features": [("feature", 1, "Entry", True)],
        "Example": [("features", 1, "Features", False)],
    }
    for name, fields in messages.items():
        message = file.message_type.add(name=name)
        for field, number, kind, is_list in fields:
            added = message.field.add(name=field, number=number, label=_Field.LABEL_REPEATED if is_list else _Field.LABEL_OPTIONAL)
            if isinstance(kind, str):
                added.type, added.type_name = _Field.TYPE_MESSAGE, f".meerkat.{kind}"
            else:
                added.type = kind
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("meerkat.Example"))


_Example = _example_type()
Value = bytes | int | memoryview


class Damaged(Exception):
    """The file ends too early, or its checksums are wrong."""


def compressing(file: BinaryIO) -> gzip.GzipFile:
    """What `write` writes into an open file. Its `close` ends the compression, not the file."""
    return gzip.GzipFile("", "wb", _LEVEL, file, mtime=0)


def write(file: BinaryIO, example: dict[str, Value]) -> None:
    """Add an example: text as bytes, a whole number, or floats as the memory of a float32 array."""
    message = _Example()
    for key, value in sorted(example.items()):
        entry = message.features.feature.add(key=key)
        if isinstance(value, bytes):
            entry.value.bytes_list.value.append(value)
        elif isinstance(value, int):
            entry.value.int64_list.value.append(value)
        else:
            entry.value.float_list.value = bytes(value)
    data = message.SerializeToString()
    length = struct.pack("<Q", len(data))
    file.write(b"".join([length, _checksum(length), data, _checksum(data)]))


def examples(path: Path | str) -> Iterator[dict[str, Value]]:
    """The examples of a file, each with its features: bytes, a whole number, or floats as bytes of float32.

    Raises Damaged if the rest of the file cannot be read, ValueError for a record that is not such an example, and OSError.
    """
    for record in _records(path):
        try:
            message = _Example.FromString(record)
        except DecodeError:
            raise ValueError("a record is not a tf.train.Example") from None
        yield {entry.key: _value(entry.value) for entry in message.features.feature}


def _value(feature: Message) -> Value:
    if feature.HasField("float_list"):
        return memoryview(feature.float_list.value)
    values = feature.int64_list.value if feature.HasField("int64_list") else feature.bytes_list.value
    if len(values) != 1:
        raise ValueError("a feature does not have exactly one value")
    return values[0]


def _records(path: Path | str) -> Iterator[bytes]:
    with gzip.open(path) as file:
        try:
            while header := file.read(_HEADER.size):
                length, checksum = _HEADER.unpack(header)
                if length > _LARGEST or _CHECKSUM.pack(checksum) != _checksum(header[:8]):
                    raise Damaged
                data, end = file.read(length), file.read(_CHECKSUM.size)
                if len(data) != length or end != _checksum(data):
                    raise Damaged
                yield data
        except (gzip.BadGzipFile, EOFError, gzip.zlib.error, struct.error):
            raise Damaged from None


def _checksum(data: bytes) -> bytes:
    """The CRC-32C of the data, masked as in TFRecord, because the data may itself contain checksums."""
    crc = google_crc32c.value(data)
    return _CHECKSUM.pack(((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)
