"""Graphs for TensorFlow 1.0.1, which DeepMeerkat may run with: which operations it knows, and how to write them."""

import json
from collections.abc import Iterator
from pathlib import Path

from ..quiet_tensorflow import strip_graph_default_valued_attrs, tf


def translate(meta_graph: tf.compat.v1.MetaGraphDef) -> None:
    """Rewrite what later versions write differently as TensorFlow 1.0.1 does, without changing a result."""
    # The default of an attribute that came later is the old behaviour.
    strip_graph_default_valued_attrs(meta_graph)
    for node in meta_graph.graph_def.node:
        if node.op == "AddV2":
            node.op = "Add"
        # A hint about the memory of loops. It is not at its default, but does not change any result.
        node.attr.pop("identical_element_shapes", None)


def unknown(graph: tf.compat.v1.GraphDef) -> Iterator[str]:
    """Each operation and attribute of the graph that TensorFlow 1.0.1 does not know."""
    registered = json.loads((Path(__file__).parent / "tf_1_0_1_ops.json").read_text())["ops"]
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    found = set()
    for node in nodes:
        if node.op not in registered:
            found.add(f"operation {node.op}")
        else:
            # Attributes with a leading underscore are notes that every version ignores.
            found |= {f"{node.op}({name})" for name in node.attr if not name.startswith("_") and name not in registered[node.op]}
    yield from sorted(found)
