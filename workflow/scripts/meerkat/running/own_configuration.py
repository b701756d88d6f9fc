"""The configuration of a run: the user's files on top of the defaults, checked, and the folders and tables that it names."""

import difflib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError
from snakemake.utils import update_config

from ..data.clips import SPLIT_FOLDERS, SPLITS, may_be_clip
from ..data.file_tree import visible_files
from ..data.labels import LABELS, is_among_unsure, parse_label
from ..errors import UserError
from ..settings.configuration import Configuration
from ..settings.problems import problems
from ..settings.videos import Motion
from . import config_file, dependencies, input_digest

# The table of the films that were seen, below the results.
FILMS = Path("state", "films.csv")
# The targets besides the model.
TARGETS = ("clips", "sorting", "annotate", "check", "learning_curve")


def prepare(config: dict, files: Iterable[Path]) -> Configuration:
    """The settings of the configuration that Snakemake has made from the user's files; `~` in its paths is expanded.

    Raises UserError, which names each setting that cannot be used, the allowed values and the default.
    """
    for file in files:
        config_file.check(file)
    settings = check(config)
    config.update(settings.model_dump())
    return settings


def read(files: Sequence[Path | str]) -> Configuration:
    """The settings of the user's files, on top of the defaults and each other as in Snakemake. Raises UserError as `prepare` does."""
    config: dict = {}
    for file in files:
        config_file.check(file)
        update_config(config, yaml.safe_load(Path(file).read_text(encoding="utf-8-sig")))
    return check(config)


def check(config: dict) -> Configuration:
    """The checked settings. Raises UserError, which names each setting that cannot be used, the allowed values and the default."""
    try:
        settings = Configuration.model_validate(config)
    except ValidationError as error:
        found = "\n".join(f"  {problem}" for problem in problems(error, Configuration, config))
        raise UserError(f"The configuration cannot be used:\n{found}") from None
    _check_results(settings)
    return settings


def _check_results(settings: Configuration) -> None:
    """Raise UserError for a folder of results that is not a separate folder."""
    results = Path(settings.results)
    if any(path.exists() and not path.is_dir() for path in (results, *results.parents)):
        raise UserError(f"results: {results} is a file, or its path leads through a file. Write the name of a folder.")
    folders = {
        "data: folder": settings.data.folder,
        "videos: folder": settings.videos.folder,
        "sorting: unsorted": settings.sorting.unsorted,
    }
    taken = [setting for setting, folder in folders.items() if folder and Path(folder).resolve() == results.resolve()]
    if Path.cwd().is_relative_to(results.resolve()):
        taken.append("the folder where you type")
    if taken:
        raise UserError(f"results: {results} is also {taken[0]}. Write a separate folder for results, such as myresults.")


def not_videos(settings: Configuration) -> list[str]:
    """Folders that may lie in the folder of videos, whose pictures are clips and no stills of cameras."""
    return [folder for folder in (settings.results, settings.data.folder, settings.sorting.unsorted) if folder]


def motion_store(settings: Configuration) -> Path:
    """The folder of the stretches of films that were searched with the present settings and code. Those of other settings stay."""
    code = dependencies.code_digest(*(Path(__file__).parents[1] / "video" / file for file in ("motion_store.py", "burst_search.py")))
    search = input_digest.value((settings.videos.model_dump(include=set(Motion.model_fields)), code))
    return Path(settings.results, "state", "motion", search[:16])


def clip_folder(settings: Configuration, own: Sequence[str]) -> str | None:
    """The folder of clips; None if lists or records replace it.

    own  where the user has set something

    Raises UserError if there is a configuration and it names no folder (nobody wants the samples among their results), or one that does not
    exist.
    """
    is_needed = _in_folder(settings)
    folder = settings.data.folder
    if is_needed and folder and not Path(folder).exists() and settings.videos.folder:
        raise UserError(
            f"Nothing is sorted yet: there is no folder {folder}. Run `python3 start.py sort` with this configuration first. If your clips "
            "lie elsewhere, write their folder under data: folder:"
        )
    return _folder_or_samples(folder, own, "data", "clip", "samples") if is_needed else None


def _in_folder(settings: Configuration) -> list[str]:
    """The splits whose clips come from the folder: no list and no records replace it, and Testing is not taken from Training."""
    given = [split for split in SPLITS if getattr(settings.preprocessed, split) or getattr(settings.data, f"{split}_csv")]
    return [split for split in SPLITS if split not in given and (split == "train" or settings.data.split == "folders")]


def may_train(settings: Configuration, own: Sequence[str]) -> bool:
    """Whether there are clips of both classes for each side, or a model was trained: then it is an error if clips are gone.

    own  where the user has set something; nobody who has wants the samples
    """
    if settings.preprocessed.train or settings.data.train_csv or not own or Path(settings.results, "model").exists():
        return True
    folder = settings.data.folder
    if folder is None or not Path(folder).exists():
        return False
    lacking = {(split, label) for split in _in_folder(settings) for label in range(len(LABELS))}
    for path in visible_files(folder, [settings.results]):
        parts = Path(path).relative_to(folder).parts
        if len(parts) > 2 and may_be_clip(path) and not is_among_unsure(Path(path), Path(folder, *parts[:2])):
            lacking -= {(split, parse_label(parts[1])) for split, names in SPLIT_FOLDERS.items() if parts[0].lower() in names}
        if not lacking:
            return True
    return not Path(folder).is_dir()


def video_folder(settings: Configuration, own: Sequence[str]) -> str:
    """The folder of videos, in the same way."""
    return _folder_or_samples(settings.videos.folder, own, "videos", "video", "samples/videos")


def _folder_or_samples(folder: str | None, own: Sequence[str], section: str, what: str, samples: str) -> str:
    if folder is None and own:
        raise UserError(
            f"{' and '.join(own)} names no folder of {what}s. Write\n{section}:\n  folder: my{what}s\n"
            f"(to try the samples: folder: {samples})"
        )
    if folder is not None and not Path(folder).is_dir():
        how = "is not a folder" if Path(folder).exists() else "does not exist"
        raise UserError(f"The {what} folder {folder} {how}. Write the right path under {section}: folder: in the configuration.")
    return folder or samples


def check_places(settings: Configuration, own: Sequence[str], targets: Collection[str]) -> None:
    """Raise UserError for the first folder or table of the user that the targets of a run need and that does not exist.

    targets  the words of the command line after the configuration; none for training
    """
    data, videos, annotate = settings.data, settings.videos, settings.annotate
    for word in targets:
        if word not in TARGETS and (close := difflib.get_close_matches(word, TARGETS, 1, 0.8)):
            raise UserError(f"{word}: no such target. Did you mean {close[0]}? There are {', '.join(TARGETS)}; without one, a run trains.")
    tables = {}
    if not targets:
        clip_folder(settings, own)
        tables = {"data: train_csv": data.train_csv, "data: eval_csv": data.eval_csv, "videos: cameras": videos.cameras}
    if {"clips", "sorting", "annotate", "check"} & set(targets) and videos.folder:
        tables = {"videos: cameras": videos.cameras, "videos: boxes": videos.boxes}
    if {"clips", "annotate", "check"} & set(targets):
        video_folder(settings, own)
    if {"annotate", "check"} & set(targets):
        tables |= {"annotate: truth": annotate.truth}
    for setting, path in tables.items():
        if path and not Path(path).is_file():
            what = f"{path} is a folder" if Path(path).is_dir() else f"there is no file {path}"
            raise UserError(f"{setting}: {what}. Write the right path, or null.")
