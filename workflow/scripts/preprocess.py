"""Embed the clips of one list: CSV rows `path,label` in, a gzipped TFRecord file of embeddings out.

By hand, as in 2018:
python preprocess.py --input_path one.csv --input_dict dict.txt --output_path out/train
"""

import argparse
from collections import defaultdict
from pathlib import Path

from meerkat.data import clip_lists, labels, records, shards
from meerkat.errors import run_program
from meerkat.log import log
from meerkat.manifest import image_checks
from meerkat.preprocess import backbones
from meerkat.preprocess.embedding import ChangedClip, Embedder
from meerkat.preprocess.embedding_store import EmbeddingStore
from meerkat.quiet_tensorflow import limit_threads
from meerkat.settings import options
from meerkat.settings.preprocess import Backbone


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input_path", required=True, help="CSV file with rows path,label")
    parser.add_argument("--input_dict", required=True, help="dict.txt: positive, negative")
    parser.add_argument("--output_path", required=True, help="record file to write; -00000-of-00001.tfrecord.gz is added if missing")
    parser.add_argument("--backbone", default=Backbone().name, help="a frozen backbone (*.pb) or a backbone's name")
    parser.add_argument("--store", help="folder where finished embeddings are kept and found again")
    parser.add_argument("--doubted", help="file that notes clips which have changed unnoticed, for create_docs.py to check again")
    options.add_threads(parser)
    args = parser.parse_args()
    try:
        _embed(args)
    except ChangedClip as error:
        if args.doubted:
            image_checks.doubt(args.doubted, error.path)
        raise


def _embed(args: argparse.Namespace) -> None:
    limit_threads(args.threads)
    output = Path(args.output_path)
    if not output.name.endswith(records.SUFFIX):
        output = output.with_name(shards.shard_name(output.name, 0, 1) + records.SUFFIX)
    labels.read_dict(args.input_dict)
    wanted = defaultdict(list)
    for clip in clip_lists.read(args.input_path):
        clip = clip.with_digest()
        wanted[clip.digest].append(clip)
    backbone = backbones.load(args.backbone)
    log.info(f"{sum(map(len, wanted.values()))} clips in {args.input_path}")

    reused = embedded = 0
    store = EmbeddingStore(args.store, backbone.fingerprint, output.name.removesuffix(records.SUFFIX)) if args.store else None
    with records.writing(output, backbone.fingerprint) as write:
        if store:
            for digest, embedding in store.known():
                for clip in wanted.pop(digest, []):
                    write(clip, embedding)
                    reused += 1
        # In the order of their paths, so that neighbours on the disk are read one after the other.
        fresh = Embedder(backbone, args.threads).embed(sorted(same[0] for same in wanted.values()))
        for first, embedding in store.keep(fresh) if store else fresh:
            for clip in wanted[first.digest]:
                write(clip, embedding)
                embedded += 1
    if store:
        store.finish(output)
    log.info(f"{output}: {embedded} embedded, {reused} reused")


run_program(main)
