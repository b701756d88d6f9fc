"""Which features of an EfficientNet-Lite tell animals best? Compares embeddings by cross-fitting: prints tables.

python benchmarks/features.py --sets FOLDER ... [--network efficientnet_lite0]

A set is a folder of generate.py, photographs.py or frames.py; only its Training clips are used, each scored by a head that never
saw its site or video. The second table is about near-duplicates: a clip that is cut, lit and coded a little otherwise should be more
alike to the clip itself than the clip most like it of any other video is.
"""

import argparse
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import machine  # noqa: F401 (makes the package known)
import numpy as np
import thresholds
from meerkat.data.labels import POSITIVE, parse_label
from meerkat.data.origins import Origins
from meerkat.preprocess import backbones, efficientnet_lite, torch_weights
from meerkat.quiet_tensorflow import tf
from meerkat.train import look_alikes, training
from scipy.special import logit
from sklearn.metrics import log_loss, roc_auc_score

CONVOLUTION = 1280  # so many features has the last convolution; those of the last depthwise one are behind them
KINDS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "last convolution": lambda both: both[:, :CONVOLUTION],
    "its square root": lambda both: np.sqrt(both[:, :CONVOLUTION]),
    "last depthwise convolution": lambda both: both[:, CONVOLUTION:],
    "its square root (in use)": lambda both: np.sqrt(both[:, CONVOLUTION:]),
    "its cube root": lambda both: np.cbrt(both[:, CONVOLUTION:]),
    "both": lambda both: both,
    "both, square root": np.sqrt,
}
COMPARED = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, nargs="+", required=True, help="folders of clips")
    parser.add_argument("--network", choices=backbones.LITE, default="efficientnet_lite0")
    args = parser.parse_args()
    training.fix_threads(os.cpu_count())
    decode, embed = network(backbones.LITE[args.network])
    near = []
    print("| Training clips | features | width | log loss | ROC AUC | accuracy |\n|---|---|---|---|---|---|")
    for clips in args.sets:
        paths = sorted(map(str, (clips / "Training").rglob("*.jpg")))
        labels = np.array([parse_label(Path(path).relative_to(clips).parts[1]) for path in paths], np.int64)
        both = run(embed, decode, [Path(path).read_bytes() for path in paths])
        for kind, of in KINDS.items():
            features = np.ascontiguousarray(of(both))
            _, p_positive, _ = thresholds.fit(paths, labels, features, seed=1)
            truth, p_positive = (labels == POSITIVE).astype(int), p_positive.astype(float)
            figures = log_loss(truth, p_positive), roc_auc_score(truth, logit(p_positive)), np.mean((p_positive >= 0.5) == truth)
            print(f"| {clips.name} | {kind} | {features.shape[1]} | {' | '.join(f'{figure:.3f}' for figure in figures)} |", flush=True)
        near += near_duplicates(clips.name, paths, both, lambda jpegs: run(embed, decode, jpegs))
    print(
        "\n| Training clips | features | likeness to itself changed: 5 %, median | to another video: 95 %, 99 % | told apart at the 99 % |"
    )
    print("|---|---|---|---|---|")
    print("\n".join(near))


def network(lite: backbones.Lite) -> tuple[Callable, Callable]:
    """What decodes JPEG bytes, and what gives both kinds of features of a batch of pictures, side by side."""
    weights = torch_weights.read(backbones._packaged_weights(lite))
    with tf.Graph().as_default() as graph:
        data = tf.compat.v1.placeholder(tf.string, [])
        picture = backbones._decode(data, lite.size)
        pictures = tf.compat.v1.placeholder(tf.float32, [None, lite.size, lite.size, 3])
        averaged = efficientnet_lite.embed(pictures, weights, lite.repeats).op.inputs[0]  # before the square root
        # The last block's wide features before they are averaged, and what the network makes of them.
        wide = averaged.op.inputs[0]
        last = sum(lite.repeats) - 1
        projected = efficientnet_lite._convolve(wide, weights, f"_blocks.{last}._project_conv", f"_blocks.{last}._bn2", stride=1)
        convolution = tf.nn.relu6(efficientnet_lite._convolve(projected, weights, "_conv_head", "_bn1", stride=1))
        both = tf.concat([tf.reduce_mean(convolution, [1, 2]), averaged], axis=1)
    session = tf.compat.v1.Session(graph=graph)
    return session.make_callable(picture, [data]), session.make_callable(both, [pictures])


def run(embed: Callable, decode: Callable, jpegs: list[bytes]) -> np.ndarray:
    """float32 [clips, both widths]."""
    batches = [jpegs[start : start + 8] for start in range(0, len(jpegs), 8)]
    with ThreadPoolExecutor(2) as pool:
        return np.concatenate(list(pool.map(lambda batch: embed(np.stack([decode(jpeg) for jpeg in batch])), batches)))


def near_duplicates(name: str, paths: list[str], both: np.ndarray, embed: Callable[[list[bytes]], np.ndarray]) -> list[str]:
    """Lines of the second table."""
    random, where = np.random.default_rng(1), Origins()
    chosen = random.choice(len(paths), min(COMPARED, len(paths)), replace=False)
    again = embed([changed(cv2.imread(paths[place]), random) for place in chosen])
    videos = np.array([where.video(path) for path in paths], object)
    lines = []
    for kind, of in KINDS.items():
        units, others = look_alikes.unit(of(both)), look_alikes.unit(of(again))
        itself = (units[chosen] * others).sum(axis=1)
        cosines = units[chosen] @ units.T
        cosines[videos[chosen][:, None] == videos[None]] = -1
        far = cosines.max(axis=1)
        ends = [*np.quantile(itself, [0.05, 0.5]), *np.quantile(far, [0.95, 0.99])]
        cells = "{:.4f}, {:.4f} | {:.4f}, {:.4f}".format(*ends)
        lines.append(f"| {name} | {kind} | {cells} | {np.mean(itself >= ends[-1]):.2f} |")
    return lines


def changed(picture: np.ndarray, random: np.random.Generator) -> bytes:
    """The picture a little moved, lighter or darker, noisier and coded anew, as a neighbouring frame is."""
    height, width = picture.shape[:2]
    top, left = int(random.integers(0, height // 20 + 1)), int(random.integers(0, width // 20 + 1))
    picture = picture[top : height - height // 20 + top, left : width - width // 20 + left]
    lit = np.clip(picture * random.uniform(0.93, 1.07) + random.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", lit, [cv2.IMWRITE_JPEG_QUALITY, 70])[1].tobytes()


if __name__ == "__main__":
    main()
