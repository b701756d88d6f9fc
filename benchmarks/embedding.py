"""How near preprocess comes to the bare network, and the bare network to the hardware, on one core: prints a table.

python benchmarks/embedding.py [--seconds 10] [--networks efficientnet_lite0 ...] --clips FOLDER

The clips are those of generate.py. The same network runs in ONNX Runtime and OpenVINO beside TensorFlow, where the packages of
requirements/benchmark.txt are installed. All get batches of the workflow's size, and take turns, so that they see the same machine.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from machine import ROOT
from meerkat.preprocess import backbones
from meerkat.preprocess.embedding import BATCH, Embedder
from meerkat.quiet_tensorflow import limit_threads, tf

ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True, help="folder of clips, made by generate.py")
    parser.add_argument("--seconds", type=float, default=10, help="for each measurement")
    parser.add_argument("--networks", nargs="+", default=["efficientnet_lite0", "efficientnet_lite2", "InceptionV3"])
    args = parser.parse_args()
    os.sched_setaffinity(0, {0})
    limit_threads(1, 1)
    print("| network | preprocess, clips/s | bare graph, images/s | ratio | ONNX Runtime | OpenVINO | bare to the faster one | "
          "GFLOP/s | SGEMM, GFLOP/s | start-up of a job, s |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name in args.networks:
        with tempfile.TemporaryDirectory() as folder:
            print(row(name, Path(folder), args.clips, args.seconds), flush=True)


def row(name: str, folder: Path, clips: Path, seconds: float) -> str:
    """One network's line of the table."""
    backbone = frozen(name, folder / "backbone.pb")
    pictures = np.random.default_rng(0).uniform(0, 255, (BATCH, backbone.size, backbone.size, 3)).astype(np.float32)
    embedder = Embedder(backbone, 1)
    network = backbone.part(backbones.EMBEDDING)
    runs = {
        "bare": lambda: embedder._network(pictures),
        "onnx": onnx_runtime(network, pictures, folder),
        "vino": openvino(network, pictures, folder),
    }
    rates: dict[str, list[float]] = {engine: [] for engine in [*runs, "gemm", "job"]}
    starts = []
    paths = sorted(clips.glob("Training/*/*.jpg"))
    for _ in range(ROUNDS):
        for engine, run in runs.items():
            if run:
                rates[engine].append(BATCH * rate(run, seconds / ROUNDS))
        rates["gemm"].append(sgemm(seconds / ROUNDS))
        # The first job after the engines spends seconds more on getting its memory than those after it, and is not counted.
        _, few, many = (job(paths[:number], folder) for number in (8, 8, 8 + int(rates["bare"][-1] * seconds)))
        rates["job"].append(int(rates["bare"][-1] * seconds) / (many - few))
        starts.append(few - 8 / rates["bare"][-1])
    middle = {engine: statistics.median(found) if found else None for engine, found in rates.items()}
    others = [middle[engine] for engine in ("onnx", "vino") if middle[engine]]
    cells = [
        name,
        f"{middle['job']:.1f}",
        f"{middle['bare']:.1f}",
        f"{middle['job'] / middle['bare']:.2f}",
        *(f"{middle[engine]:.1f}" if middle[engine] else "" for engine in ("onnx", "vino")),
        f"{middle['bare'] / max(others):.2f}" if others else "",
        f"{middle['bare'] * flops(network) / 1e9:.1f}",
        f"{middle['gemm'] / 1e9:.1f}",
        f"{statistics.median(starts):.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def frozen(name: str, path: Path) -> backbones.Backbone:
    """The frozen backbone, which is saved as `path` too; those of keras.applications with random weights."""
    backbone = backbones.freeze(name, random_weights(name, path.parent) if name[0].isupper() else None)
    backbones.save(backbone, path)
    return backbone


def random_weights(name: str, folder: Path) -> str:
    """A weights file for a network of keras.applications: the rate does not depend on what is in it."""
    path = folder / f"{name}.weights.h5"
    code = f"import keras; keras.applications.{name}(weights=None, include_top=False, pooling='avg').save_weights({str(path)!r})"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return str(path)


def onnx_runtime(network: tf.compat.v1.GraphDef, pictures: np.ndarray, folder: Path) -> Callable | None:
    """A call of the network in ONNX Runtime, or None where it is not installed."""
    try:
        import onnxruntime
        import tf2onnx
    except ImportError:
        return None
    path = str(folder / "network.onnx")
    names = {"input_names": [f"{backbones.IMAGES}:0"], "output_names": [f"{backbones.EMBEDDING}:0"]}
    tf2onnx.convert.from_graph_def(network, **names, opset=17, output_path=path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options)
    return lambda: session.run(None, {names["input_names"][0]: pictures})


def openvino(network: tf.compat.v1.GraphDef, pictures: np.ndarray, folder: Path) -> Callable | None:
    """A call of the network in OpenVINO in fp32, or None where it is not installed."""
    try:
        import openvino
    except ImportError:
        return None
    path = folder / "network.pb"
    path.write_bytes(network.SerializeToString())
    model = openvino.Core().read_model(path)
    model.reshape(pictures.shape)
    settings = {"INFERENCE_NUM_THREADS": 1, "NUM_STREAMS": 1, "INFERENCE_PRECISION_HINT": "f32"}
    request = openvino.Core().compile_model(model, "CPU", settings).create_infer_request()
    return lambda: request.infer({0: pictures})


def rate(run: Callable, seconds: float) -> float:
    """Calls a second, after one that is not counted."""
    run()
    started, calls = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        run()
        calls += 1
    return calls / (time.perf_counter() - started)


def sgemm(seconds: float) -> float:
    """FLOP/s of a matrix product in TensorFlow, float32 [2048, 2048] each."""
    matrix = tf.ones([2048, 2048])
    return rate(lambda: tf.matmul(matrix, matrix).numpy(), seconds) * 2 * 2048**3


def flops(network: tf.compat.v1.GraphDef) -> int:
    """Floating-point operations of one picture, by TensorFlow's own count."""
    with tf.Graph().as_default() as graph:
        images = next(node for node in network.node if node.name == backbones.IMAGES)
        size = images.attr["shape"].shape.dim[1].size
        tf.import_graph_def(network, {backbones.IMAGES: tf.zeros([1, size, size, 3])}, name="")
        options = tf.compat.v1.profiler.ProfileOptionBuilder(tf.compat.v1.profiler.ProfileOptionBuilder.float_operation())
        found = tf.compat.v1.profiler.profile(graph, options=options.with_empty_output().build())
    return found.total_float_ops


def job(paths: list[Path], folder: Path) -> float:
    """Seconds that the program preprocess takes on one core for these clips, start included, with a store of embeddings that is
    empty."""
    (folder / "list.csv").write_text("".join(f"{path},positive\n" for path in paths))
    (folder / "dict.txt").write_text("positive\nnegative\n")
    command = [sys.executable, ROOT / "workflow/scripts/preprocess.py", "--input_path", folder / "list.csv", "--threads", "1"]
    command += ["--input_dict", folder / "dict.txt", "--backbone", folder / "backbone.pb", "--output_path", folder / "train"]
    with tempfile.TemporaryDirectory(dir=folder) as store:
        started = time.monotonic()
        subprocess.run([*command, "--store", store], check=True, capture_output=True)
        return time.monotonic() - started


if __name__ == "__main__":
    main()
