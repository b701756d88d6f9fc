# What the rules share: the checked configuration, places, and which files a program is made of.
import json
import sys
from functools import lru_cache
from glob import glob
from pathlib import Path

import yaml
from snakemake.exceptions import IncompleteCheckpointException
from snakemake.io import checkpoint_target

SCRIPTS = Path(workflow.basedir) / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

from meerkat import (
    atomic,
    clips,
    dependencies,
    interpreter,
    job_failures,
    run_lock,
    settings,
    shards,
    slurm_leftovers,
    video_files,
    watching,
)
from meerkat.errors import UserError

try:
    settings.check(config, yaml.safe_load((Path(workflow.basedir) / "workflow/schemas/config.schema.yaml").read_text()))
    clips.compile_video_pattern(config["data"]["video_pattern"])
except UserError as error:
    sys.exit(f"ERROR: {error}")

if workflow.is_main_process:
    run_lock.remove_stale_lock()

interpreter.put_own_python_first()

RESULTS = str(Path(config["results"]))
# Finished embeddings, half-finished training and what was seen in each clip: no rule's output, so nothing deletes it.
STATE = f"{RESULTS}/state"
DOCS = f"{RESULTS}/docs"
LISTS = {"train": "trainingdata.csv", "eval": "testingdata.csv"}
SPLITS = list(LISTS)


def program(name):
    """The program and all that it imports: a change of any of them reruns the rule."""
    return dependencies.files_of(SCRIPTS / name)


def rising(amount):
    """A resource of which a job that failed for lack of it has more in its next attempt."""
    return lambda wildcards, attempt: amount * attempt


def number_of_shards(split):
    """How many lists and record files the workflow makes for `train` or `eval`; none where records are given."""
    return 0 if config["preprocessed"][split] else config["shards"][split]


def threads_of_a_shard(wildcards):
    """So many that the shards of a split keep all cores busy when they are worked on side by side."""
    split = wildcards.shard.split("-")[0]
    return max(1, (workflow.resource_settings.cores or 1) // max(1, number_of_shards(split)))


def list_of_shard(wildcards):
    """The list of a shard once create_docs has made it. Tells Snakemake to wait as `checkpoints.create_docs.get()` does,
    which looks at all lists for each: minutes for ten thousand."""
    path = f"{DOCS}/shards/{wildcards.shard}.csv"
    if path not in checkpoints.created_output:
        raise IncompleteCheckpointException(checkpoints.create_docs.rule, checkpoint_target(path))
    return path


def records(split):
    """The record files of `train` or `eval`: those that are given, else one for each shard."""
    pattern = config["preprocessed"][split]
    if not pattern:
        return expand(f"{RESULTS}/preprocessed/{{name}}.tfrecord.gz", name=shards.shard_names(split, config["shards"][split]))
    found = sorted(glob(pattern))
    if not found:
        sys.exit(f"ERROR: preprocessed: {split}: no file fits {pattern!r}. Write a glob of record files (*.tfrecord.gz), or null.")
    return found


def options(names_and_values):
    """Command-line options for a dictionary of settings; those that are null are left out."""
    given = []
    for name, value in names_and_values.items():
        if isinstance(value, bool):
            given.append(f"--{name}" if value else f"--no-{name}")
        elif isinstance(value, list) and value and isinstance(value[0], list):
            given += [word for entry in value for word in [f"--{name}", *map(str, entry)]]
        elif isinstance(value, list):
            given += [f"--{name}", *map(str, value)] if value else []
        elif value is not None:
            given.append(f"--{name}={value}")
    return given


def clip_digest():
    """What tells Snakemake that clips have changed."""
    lists = dict.fromkeys(config["data"][f"{split}_csv"] for split in SPLITS if number_of_shards(split))
    return [watching.list_digest(path) if path else watching.folder_digest(config["data"]["folder"]) for path in lists]


@lru_cache
def all_videos():
    """The path of each video by its name in results."""
    try:
        return video_files.list_videos(config["videos"]["folder"])
    except UserError as error:
        sys.exit(f"ERROR: {error}")


def relative_to_videos(path):
    """The path of a video as programs that are given the folder of videos know it, with forward slashes."""
    return Path(path).relative_to(config["videos"]["folder"]).as_posix()


def remove_other_shards():
    """Delete lists and records of another number of shards: who reads train-* must not read a clip twice."""
    for split in SPLITS:
        for folder in [f"{DOCS}/shards", f"{RESULTS}/preprocessed"] if number_of_shards(split) else []:
            for path in shards.others(folder, split, number_of_shards(split)):
                path.unlink()
