"""Writes the golden files: what this code gives for some samples. Renew them only when a change of results is meant.

python tests/golden/renew.py
"""

import json
import sys
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent
ROOT = GOLDEN.parents[1]
sys.path.insert(0, str(ROOT / "workflow/scripts"))

import numpy as np  # noqa: E402
from meerkat.data.clips import Clip  # noqa: E402

CLIPS = [f"Testing/{name}" for name in ("Positive/cam24_154_0.jpg", "Positive/cam29_5_2.jpg", "Negative/cam25_220_0.jpg")]
# So many numbers of an embedding, spread over its width, tell it from any other.
NUMBERS = 16


def embeddings(name: str) -> dict[str, list[float]]:
    """Some numbers of the embeddings of the clips by a backbone, and their length at the end."""
    from meerkat.preprocess import backbones
    from meerkat.preprocess.embedding import Embedder

    backbone = backbones.freeze(name, None)
    clips = [Clip(str(ROOT / "samples" / clip), 0).with_digest() for clip in CLIPS]
    found = {}
    for clip, (_, embedding) in zip(CLIPS, Embedder(backbone, 1).embed(clips), strict=True):
        places = np.linspace(0, backbone.width - 1, NUMBERS).astype(int)
        found[clip] = [float(value) for value in [*embedding[places], np.linalg.norm(embedding)]]
    return found


def boxes() -> list[list[int]]:
    """The boxes of motion in the sample video with DeepMeerkat's constants: frame, x, y, w, h."""
    from meerkat.video import motion, videos
    from meerkat.video.regions import FilmMotion

    clock = json.loads((ROOT / "samples/videos/meadow_regions.json").read_text())["clock"]
    settings = FilmMotion(ignore=[clock], constants="deepmeerkat2")
    detector = motion.MotionDetector(settings, 0.04)
    frames = videos.Video(ROOT / "samples/videos/meadow.mp4").looks(motion.looks_a_second(settings))
    return [[frame.number, *box] for frame in frames for box in detector.changed(frame).boxes]


if __name__ == "__main__":
    from meerkat.preprocess.backbones import LITE

    for name in LITE:
        (GOLDEN / f"{name}.json").write_text(json.dumps(embeddings(name), indent=1) + "\n")
    (GOLDEN / "meadow_boxes.csv").write_text("frame,x,y,w,h\n" + "".join(f"{','.join(map(str, box))}\n" for box in boxes()))
