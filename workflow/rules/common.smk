# Shared by the rules: the checked configuration, the paths, and functions.
import json
import os
import sys
from functools import lru_cache, partial
from glob import escape, glob
from pathlib import Path

from snakemake.settings.types import Quietness

# The project, even if another workflow uses this one as a module.
PROJECT = Path(str(workflow.current_basedir)).parents[1]
SCRIPTS = PROJECT / "workflow" / "scripts"
sys.path.insert(0, str(SCRIPTS))

from meerkat import atomic
from meerkat import log as messages
from meerkat import tables
from meerkat.advice import situation
from meerkat.audit import files as audit_files
from meerkat.data import file_tree, shards
from meerkat.errors import UserError
from meerkat.evaluate import figures
from meerkat.settings.annotate import Joining, Threshold, Truth
from meerkat.settings.configuration import Configuration
from meerkat.settings.data import Balance, ClipOrigins, Data
from meerkat.settings.evaluate import Evaluate, NearDuplicates, OperatingRecall, Replicates
from meerkat.settings.preprocess import Backbone
from meerkat.settings.schema import files_of_user
from meerkat.settings.section import Seeded
from meerkat.settings.sorting import Sorting
from meerkat.settings.train import Folds, Train
from meerkat.settings.videos import CameraTable, Detector, Motion, StartPattern, Stills
from meerkat.sorting import journal
from meerkat.running import (
    dependencies,
    input_digest,
    job_failures,
    made,
    own_configuration,
    python_path,
    run_lock,
    slurm_leftovers,
)
from meerkat.video import cameras, detector_boxes, stretches, taken, video_files
from meerkat.video.known_films import KnownFilms
from meerkat.visits import names, reviews
from meerkat.visits.outputs import FOLDERS, OUTPUTS, files_beside

# `--quiet all` and `--verbose` hold for the programs as well.
if Quietness.ALL in (workflow.output_settings.quiet or ()) or workflow.output_settings.verbose:
    messages.show("DEBUG" if workflow.output_settings.verbose else "WARNING")

# Where the user has set something: files, and the command line.
OWN_CONFIGURATION = [*map(str, workflow.overwrite_configfiles), *(["--config"] if workflow.config_settings.config else [])]


def or_exit(function, *arguments):
    """The result of the function. If it raises UserError, the run ends with the message and no stack trace."""
    try:
        return function(*arguments)
    except UserError as error:
        sys.exit(f"ERROR: {error}")


SETTINGS = or_exit(own_configuration.prepare, config, workflow.overwrite_configfiles)
RESULTS = str(Path(SETTINGS.results))
IS_MAKING = workflow.is_main_process and not made.only_looks(sys.argv[1:])
if IS_MAKING:
    or_exit(run_lock.hold, Path(RESULTS))

python_path.put_own_python_first()

# Finished embeddings, scores, and the findings in each clip. They are not the output of a rule, so nothing deletes them.
STATE = f"{RESULTS}/state"
DOCS = f"{RESULTS}/docs"
BACKBONE = f"{RESULTS}/backbone/backbone.json"
MOTION = f"{RESULTS}/motion"
ANNOTATIONS = f"{RESULTS}/annotations"
# For programs that read what find_visits has found.
FOUND = {"annotations": ANNOTATIONS, "motion": MOTION}
CLIPS = f"{RESULTS}/clips"
LISTS = {"train": "trainingdata.csv", "eval": "testingdata.csv"}
SPLITS = list(LISTS)
# The templates of pages, and their shared parts.
PAGES = f"{PROJECT}/workflow/report"
PAGE_PARTS = [f"{PAGES}/parts.html.j2", f"{PAGES}/style.css"]
# Clips whose content has changed although size and times have not; create_docs checks them again.
DOUBTED = f"{STATE}/doubted.csv"
# The films that were seen, and their names in results.
FILMS = f"{RESULTS}/{own_configuration.FILMS}"
# Folders whose films and stills are not those of cameras.
NOT_VIDEOS = own_configuration.not_videos(SETTINGS)
# The stretches that were searched with the present settings.
MOTION_STORE = own_configuration.motion_store(SETTINGS)
# The videos as the run has found them, for the jobs that search them.
LISTED = f"{STATE}/videos.csv"
# The same once what moves in them was gathered.
GATHERED = f"{MOTION}/films.csv"
# What people have said: sorted clips, reviews and names. Without a folder of clips, nothing was said.
SAID = SETTINGS.data.folder or f"{STATE}/nothing_said"
# The tables of the audit, and whether a person has looked at moments that were drawn.
LOOKED = [Path(SAID, audit_files.DRAWS), Path(SAID, audit_files.LOOKS)]
IS_AUDITED = all(path.is_file() for path in LOOKED)
# Outputs of visits that a person has changed: they stay.
CHANGED_BY_A_PERSON = []


def files_of(output):
    """The files of an output of visits."""
    return [f"{ANNOTATIONS}/{file}" for file in output.files]


def changed_by_a_person(output):
    """The files of an output of visits that were changed by a person."""
    return [path for path in CHANGED_BY_A_PERSON if path in files_of(output)]


def paths_beside(output):
    """The files of an output of visits that Snakemake does not know."""
    return map(str, files_beside(output, Path(ANNOTATIONS)))


def files_of_motion():
    """The tables of each video that gather_motion writes; Snakemake knows only the list of videos."""
    return [*glob(f"{escape(MOTION)}/*/*.csv"), *glob(f"{escape(CLIPS)}/*/clips.csv")]


def remember_results():
    """Note the state of the results, so that later damage is noticed. If the disk is full, only print it: the run has its own message."""
    beside = {files_of(output)[0]: partial(paths_beside, output) for output in OUTPUTS} | {GATHERED: files_of_motion}
    try:
        dependencies.remember()
        made.remember(STATE, RESULTS, beside)
    except OSError as error:
        messages.log.warning(f"{STATE} cannot be written: {error.strerror}. Later runs would not notice damage to the results.")


def look_after_results():
    """Check whether results have changed since they were made: damaged ones are made again, and changes by a person are kept."""
    noted = made.records()
    made.settle(noted)
    if unknown := made.distrust_damaged(noted):
        messages.log.warning(f"Snakemake's records of {len(unknown)} files are damaged: their steps run again.")
    if lost := made.distrust_lost(STATE, noted):
        messages.log.warning(
            f"Snakemake's records of {len(lost)} files are gone: perhaps the folder .snakemake was not copied with {RESULTS}. Their steps "
            "run again; what was computed from films and clips is used again."
        )
    if not file_tree.is_of_results(RESULTS) and any(Path(path).is_relative_to(RESULTS) and Path(path).exists() for path in noted):
        messages.log.warning(f"{STATE}/made.csv is gone, so the run cannot see whether the results have changed since they were made.")
        remember_results()
    changed = made.changed_since(STATE, noted)
    for_editing = {path for output in OUTPUTS if output.is_yours for path in files_of(output)}
    CHANGED_BY_A_PERSON.extend(path for path in changed if path in for_editing and Path(path).stat().st_size)
    kept = {path for output in OUTPUTS if changed_by_a_person(output) for path in files_of(output)}
    for path in changed:
        if path not in kept and Path(path).is_file():
            aside = made.set_aside(path)
            messages.log.warning(
                f"{path} has changed since it was made: damaged, or edited by hand. It is kept as {aside.name}, and made again when "
                "it is needed."
            )
    for output in {owner for owner in changed.values() if owner}:
        messages.log.warning(f"Files that belong to {output} are gone or changed: it is made again, and they with it.")
        made.distrust(noted[output])
    if CHANGED_BY_A_PERSON:
        gone = [path for path in sorted(kept) if not Path(path).is_file() or not Path(path).stat().st_size]
        missing = f"It lacks {' and '.join(gone)}. " if gone else ""
        messages.log.warning(
            f"You have changed {' and '.join(CHANGED_BY_A_PERSON)}, so {Path(CHANGED_BY_A_PERSON[0]).parent} stays as it is, and nothing "
            f"new is added. {missing}To have it made again, move this folder elsewhere."
        )


if IS_MAKING:
    look_after_results()


def settings(*parts):
    """The settings of parts of the configuration, for a program that takes the same parts (`options.add`)."""
    sections = [SETTINGS, *(getattr(SETTINGS, name) for name in Configuration.model_fields)]
    return {
        name: getattr(section, name) for part in parts for section in sections if isinstance(section, part) for name in part.model_fields
    }


USER_FILES = files_of_user(Configuration)
COMMAND = "python {params.program:q} {params.files:q} {params.settings:q} 2>&1 | tee {log:q}"


def rising(amount):
    """A resource that grows with each attempt, for jobs that fail because they had too little of it."""
    return lambda wildcards, attempt: amount * attempt


def command(program, settings, inputs=lambda wildcards: None, own=(), to_folder=False, threads=False, modules=()):
    """The params of a step that is based on `program`: the parts of its command, and everything else that makes it run again.

    program    its file in workflow/scripts, or a list of the file and its first arguments
    settings   options and their values, or a function of the wildcards that gives them; options that are null are left out
    inputs     a function of the wildcards that gives a digest of what the program reads: files that are not inputs of the rule, or
               inputs whose times may be wrong. It is evaluated when the run is planned, so it must not digest files that the same
               run makes, except the lists of the checkpoint
    own        files of the user that the program reads, besides those that settings name. Their content counts: an older file may
               replace a newer one. They are not inputs of the rule, because if one is missing, the program says what to write
    to_folder  whether the program is given --output with the folder of its first output, instead of each named output
    threads    whether the program is given --threads
    modules    files of modules that the program imports because of these arguments

    Named inputs and outputs become options of these names. Those without a name only have to exist.
    """

    def files(wildcards, input, output, threads):
        outputs = [("output", Path(output[0]).parent)] if to_folder else output.items()
        given = [word for key, value in [*input.items(), *outputs] for word in _option(key, value)]
        return given + [f"--threads={threads}"] * with_threads

    def content(wildcards):
        given = named(wildcards)
        return input_digest.content([*own, *(given[name] for name in USER_FILES if given.get(name))])

    file, *words = [program] if isinstance(program, str) else program
    with_threads, named = threads, settings if callable(settings) else lambda wildcards: settings
    return {
        # Snakemake does not compare params that depend on inputs or outputs, so the project can be moved.
        "program": lambda wildcards, input: [SCRIPTS / file, *words],
        "files": files,
        # A function, because in a plain list Snakemake takes braces for wildcards.
        "settings": lambda wildcards: [word for key, value in named(wildcards).items() for word in _option(key, value)],
        "code": lambda wildcards: dependencies.code_digest(SCRIPTS / file, *modules),
        "inputs": lambda wildcards: [inputs(wildcards), content(wildcards)],
    }


def command_of(output):
    """The params of the step that writes an output of visits."""
    return command(
        ["write_visits.py", output.name],
        lambda wildcards: FOUND | {"folder": video_folder()} | settings(*output.settings),
        modules=[output.code],
        threads=output.is_work,
    )


def _option(name, value):
    """The words of an option of a command line."""
    if isinstance(value, bool):
        return [f"--{name}" if value else f"--no-{name}"]
    if isinstance(value, (str, Path, int, float)):
        return [f"--{name}={value}"]
    entries = list(value or [])
    return [f"--{name}", *map(str, entries)] if entries else []


def log_of(step):
    return f"{RESULTS}/logs/{step}.log"


def benchmark_of(step):
    return f"{RESULTS}/benchmarks/{step}.tsv"


def given_pattern(split):
    """The pattern of the record files of `train` or `eval` that the user has given; null if there is none."""
    return getattr(SETTINGS.preprocessed, split)


def number_of_shards(split):
    """How many lists and record files the workflow makes for `train` or `eval`; 0 if records are given."""
    return 0 if given_pattern(split) else getattr(SETTINGS.shards, split)


def threads_of_a_shard(wildcards):
    """How many threads a shard gets, so that the shards of a split together keep all cores busy."""
    split = wildcards.shard.split("-")[0]
    return max(1, (workflow.resource_settings.cores or 1) // max(1, number_of_shards(split)))


def threads_of_a_motion_shard(wildcards):
    """One thread for each film is fastest. Only if there are fewer shards than cores, a film gets more. More than four do not help."""
    return min(4, max(1, (workflow.resource_settings.cores or 1) // len(motion_shards())))


def list_of_shard(wildcards):
    """The list of a shard, once create_docs has made it."""
    wait_for_lists()
    return f"{DOCS}/shards/{wildcards.shard}.csv"


@lru_cache
def wait_for_lists():
    """Make Snakemake come back when create_docs is done. Cached, because each call of `get` checks all lists."""
    checkpoints.create_docs.get()


def lists_pattern(split):
    """A glob for the lists of all shards of `train` or `eval`; null if records are given."""
    return f"{escape(DOCS)}/shards/{shards.pattern(split, number_of_shards(split))}.csv" if number_of_shards(split) else None


def records_pattern(split):
    """A glob for the record files of `train` or `eval`, for programs: ten thousand names are too many for a command line."""
    return given_pattern(split) or f"{escape(RESULTS)}/preprocessed/{shards.pattern(split, number_of_shards(split))}.tfrecord.gz"


def records(split):
    """The record files of `train` or `eval`: the given ones, else one for each shard."""
    if not given_pattern(split):
        return expand(f"{RESULTS}/preprocessed/{{name}}.tfrecord.gz", name=shards.shard_names(split, number_of_shards(split)))
    found = sorted(glob(given_pattern(split)))
    if not found:
        sys.exit(
            f"ERROR: preprocessed: {split}: no file matches {given_pattern(split)!r}. Write a glob of record files (*.tfrecord.gz), "
            "or null."
        )
    return found


def given_records(*splits):
    """A digest of the given record files. Record files that the workflow makes need none: they follow from lists and backbone."""
    return input_digest.status(path for split in splits if not number_of_shards(split) for path in records(split))


def clip_digest():
    """Digests that show Snakemake whether clips have changed."""
    lists = list(filter(None, [SETTINGS.data.train_csv, SETTINGS.data.eval_csv]))
    folders = [folder for folder in [clip_folder()] if folder]
    found = [input_digest.of_list(path) for path in lists] + [input_digest.of_folder(folder, RESULTS) for folder in folders]
    return [*found, input_digest.content([*lists, DOUBTED])]


@lru_cache
def digest_of_said():
    """A digest that shows Snakemake whether people have said something new about clips and visits."""
    # A damaged table ends the run before visits are made anew, not while they are.
    said = Path(SAID)
    or_exit(journal.read, said / journal.NAME)
    or_exit(reviews.Reviews, said / reviews.NAME)
    or_exit(names.Names, said / names.NAME)
    return input_digest.of_folder(SAID, RESULTS, LOOKED) if Path(SAID).is_dir() else ""


def clip_folder():
    """The folder of clips; null if it is not needed. The samples are used only as long as the user has given no configuration."""
    return or_exit(own_configuration.clip_folder, SETTINGS, OWN_CONFIGURATION)


def video_folder():
    """The folder of videos, in the same way."""
    return or_exit(own_configuration.video_folder, SETTINGS, OWN_CONFIGURATION)


@lru_cache
def all_videos():
    """The videos below their folder, with the names they have in results."""
    known = KnownFilms(FILMS)
    found = or_exit(video_files.list_videos, video_folder(), NOT_VIDEOS, known, FOLDERS, SETTINGS.videos.burst)
    videos = or_exit(taken.Taken, or_exit(cameras.Cameras, SETTINGS.videos.cameras), SETTINGS.videos.start_pattern, found).searched
    if SETTINGS.videos.boxes:
        detector = or_exit(detector_boxes.DetectorBoxes, SETTINGS.videos.boxes, SETTINGS.videos.boxes_from, videos)
        videos = or_exit(detector_boxes.with_boxes, videos, detector)
    if IS_MAKING:
        or_exit(remember_videos, known, videos)
    return videos


def remember_videos(known, videos):
    """Write down which films there are, for the jobs of this run and for the next run."""
    try:
        known.save()
        tables.write_rows([video_files.COLUMNS, *video_files.rows(videos)], LISTED)
    except OSError as error:
        raise UserError(
            f"{STATE} cannot be written: {error.strerror}. Make it writable or make room, or name another folder: results: myresults"
        ) from error


@lru_cache
def motion_shards():
    """The stretches of all videos by shard."""
    return stretches.by_shard(stretches.of(all_videos().films.values()))


# The user's files for `annotate` are also read when the run is planned: so mistakes appear before a night of work, not after it.
# Cached, because Snakemake asks for the params of a step more than once.
def start_and_site():
    """The settings that say when and where videos were taken."""
    all_videos()
    return settings(CameraTable, StartPattern)


@lru_cache
def truth_table():
    """The setting of the user's table of visits."""
    from meerkat.visits import truth  # takes half a second, and only few runs need it

    path = SETTINGS.annotate.truth
    if path is None:
        sys.exit("ERROR: annotate: truth: names no table. Write the path of a CSV file with the lines video,begin,end; see docs/videos.md.")
    or_exit(truth.read, path, all_videos(), KnownFilms(FILMS))
    return settings(Truth)


@lru_cache
def model_folder():
    """The folder of the model; if it is the user's, it must exist."""
    if IS_GUESS:
        messages.log.info(
            "No model can be trained yet: that needs clips with and without an animal, for Training, and for Testing unless data: split takes "
            "these from Training. So ImageNet's own classifier guesses what shows an animal."
        )
    if SETTINGS.annotate.model and not (MODEL / "saved_model.pb").is_file():
        sys.exit(
            f"ERROR: annotate: model: {MODEL} is not a model for DeepMeerkat: it contains no saved_model.pb. Write the folder of one, or "
            "null for the model that is trained here."
        )
    return MODEL


def searched_shards(wildcards):
    """A table for each shard of the videos."""
    return expand(rules.find_motion.output.searched, shard=motion_shards())


def outdated_annotations():
    """Outputs of earlier runs, by the setting that asked for them, if it does not now: they show other visits than those found now."""
    made_for = {output.asked_by: [*files_of(output), *paths_beside(output)] for output in OUTPUTS if not output.is_asked(SETTINGS)}
    made_for |= {} if SETTINGS.annotate.truth else {"annotate: truth": rules.check_visits.output}
    there = {
        setting: [Path(path).relative_to(ANNOTATIONS).parts[0] for path in files if Path(path).exists()]
        for setting, files in made_for.items()
    }
    return {setting: sorted(set(names)) for setting, names in there.items() if names}


def remove_other_shards():
    """Delete lists and records of another number of shards: a program that reads train-* must not read a clip twice."""
    for split in SPLITS:
        for folder in [f"{DOCS}/shards", f"{RESULTS}/preprocessed"] if number_of_shards(split) else []:
            for path in shards.others(folder, split, number_of_shards(split)):
                path.unlink()
