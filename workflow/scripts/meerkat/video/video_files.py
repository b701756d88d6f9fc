"""Where the videos and the bursts of stills are, and their names in results."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

from .. import tables
from ..data.file_tree import visible_files
from ..data.sites import folder_of_camera
from ..errors import UserError, examples, printable
from ..settings.videos import Stills
from ..wording import count
from . import bursts
from .film_header import FilmHeader
from .known_films import KnownFilms
from .recordings import Recording
from .stretches import Film

# Endings that cameras and their programs write and FFmpeg reads; Python's mimetypes know neither tlv nor dav nor mts.
# fmt: off
ENDINGS = {
    ".264", ".265", ".360", ".3g2", ".3gp", ".amv", ".asf", ".av1", ".avc", ".avi", ".dav", ".divx", ".dv", ".evo", ".f4v", ".flv", ".h264",
    ".h265", ".hevc", ".insv", ".ismv", ".ivf", ".m1v", ".m2p", ".m2t", ".m2ts", ".m2v", ".m4v", ".mjpeg", ".mjpg", ".mk3d", ".mkv", ".mod",
    ".mov", ".mp2v", ".mp4", ".mpe", ".mpeg", ".mpg", ".mpv", ".mts", ".mxf", ".nut", ".obu", ".ogm", ".ogv", ".ps", ".qt", ".rm", ".rmvb",
    ".tlv", ".tod", ".tp", ".trp", ".ts", ".vob", ".vro", ".webm", ".wmv", ".wtv", ".y4m",
}
# fmt: on
# Characters that would need care in a shell, a pattern of Snakemake, a spreadsheet, or on another operating system.
_UNSAFE = re.compile(rf"[^\w .()+,=@-]|^[. {re.escape(tables.FORMULA)}]|[ .]$")
# This many films are read at the same time: disks in a network answer late.
_READERS = 8
# This many endings are named.
_SHOWN = 8
COLUMNS = ("name", "path", "film", "seconds", "stretches", "region", "pictures", "boxes", "batch")
_FOR_A_PERSON = ("name", "path", "film", "seconds", "stretches", "region", "pictures", "site", "state")
# About so many bursts are in a batch: fewer would read many neighbours twice, more would keep cores without work.
_BATCH = 32
# Files that lie beside the folders of videos in results.
_TAKEN = re.compile(r".*\.(csv|json|html|m3u8)", re.IGNORECASE)


@dataclass(frozen=True)
class Videos:
    """The videos below a folder. A burst of stills counts as a video; its path is that of its first still.

    paths   the path of each by its name in results
    copies  the paths of files that are left out, because they are copies of others, with the paths of those
    films   what each video is, by its name in results
    headers what the header of each says, by its name in results; empty if they were not read
    ids     the ids of all files that were found, also of each still, sorted; empty if they were not looked for
    litter  files that are left out, as for `file_tree.visible_files`; others  those that have the ending of neither a video nor a still
    """

    folder: str
    paths: Mapping[str, str]
    copies: Mapping[str, str] = field(default_factory=dict)
    films: Mapping[str, Film] = field(default_factory=dict)
    headers: Mapping[str, FilmHeader] = field(default_factory=dict)
    ids: Sequence[str] = ()
    litter: Sequence[str] = ()
    others: Sequence[str] = ()

    @cached_property
    def name_of(self) -> dict[str, str]:
        """The name in results by the path of each file, also of a copy, and of each still of a burst."""
        pictures = {name: film.pictures for name, film in self.films.items()}
        names = {file: name for name, path in self.paths.items() for file in Recording(path, pictures.get(name, "")).files}
        return names | {copy: names[path] for copy, path in self.copies.items()}

    def counted(self) -> str:
        """How many films and bursts there are, in words."""
        sizes = [bursts.number_of(film.pictures) for film in self.films.values() if film.pictures]
        return bursts.counted(len(self.films) - len(sizes), sizes)

    def names_as_written(self) -> dict[str, str]:
        """The name in results of each video by what people write: that name, or the path below the folder, also of a copy or of a still.
        Accents are composed."""
        written = {Path(path).relative_to(self.folder).as_posix(): name for path, name in self.name_of.items()}
        return {unicodedata.normalize("NFC", text): name for text, name in ({name: name for name in self.paths} | written).items()}


def list_videos(
    folder: Path | str,
    leave_out: Collection[Path | str] = (),
    known: KnownFilms | None = None,
    taken: Collection[str] = (),
    burst: float = Stills.model_fields["burst"].default,
) -> Videos:
    """The videos and the bursts of stills below `folder`, in the order of their paths.

    leave_out    as for `file_tree.visible_files`
    known        the films that were seen before: they are not read again, and their paths keep their names
    taken        names that no video may have in results, because other folders have them
    burst        seconds from one still of a burst to the next, at most

    The name is the path without its ending, with the folders joined by `__`. If the name would not be safe in a shell or as a file's name,
    or if another video would have the same name, the ending or a part of the path's digest is added. Names that differ only in case or in
    the form of accents count as the same, as on macOS and Windows.

    Raises UserError if the folder is missing, contains no video, or contains a folder that cannot be opened, and if two videos would still
    have the same name.
    """
    if not Path(folder).is_dir():
        raise UserError(f"The video folder {folder} does not exist. Write the right path under videos: folder: in the configuration.")
    known = known or KnownFilms()
    litter: list[str] = []
    paths, others = _videos_and_stills(folder, leave_out, litter)
    below = {path: str(PurePath(path).relative_to(folder)) for path in paths}
    earlier = known.names()
    with ThreadPoolExecutor(_READERS) as pool:
        films = dict(zip(paths, pool.map(lambda path: known.film(below[path], path), paths), strict=True))
    ids = tuple(sorted({film.id for film in films.values()}))
    copies = _copies({path: films[path].id for path in sorted(paths, key=lambda path: (below[path] not in earlier, path))})
    stills = [path for path in paths if bursts.is_still(path) and path not in copies]
    grouped = bursts.of([bursts.Still(path, below[path], films[path].id, *known.header(below[path])) for path in stills], burst)
    films |= _films_of(grouped)
    later = {still.path for one in grouped for still in one.stills[1:]}
    paths = [path for path in paths if path not in copies and path not in later]
    names = names_of([PurePath(below[path]) for path in paths], earlier, taken)
    known.name({below[path]: name for path, name in zip(paths, names, strict=True)})
    named = dict(zip(names, paths, strict=True))
    headers = {name: known.header(below[path]) for name, path in named.items()}
    return Videos(
        str(folder), named, copies, {name: films[path] for name, path in named.items()}, headers, ids, tuple(litter), tuple(others)
    )


def _videos_and_stills(folder: Path | str, leave_out: Collection[Path | str], litter: list[str]) -> tuple[list[str], list[str]]:
    """The paths of the videos and the stills below a folder, and of other files, sorted. Raises UserError as `list_videos` does."""
    found = sorted(visible_files(folder, leave_out, litter))
    if closed := [path for path in found if Path(path).is_dir()]:
        raise UserError(f"These folders cannot be opened. Allow access to them, or move them out of {folder}:\n{examples(closed)}")
    paths = [path for path in found if Path(path).suffix.lower() in ENDINGS or bursts.is_still(path)]
    others = sorted({*found} - {*paths})
    if not paths:
        told = f"\n{others_line(others)}" if others else ""
        raise UserError(f"{folder} contains no video and no still. Known endings are: {', '.join(sorted(ENDINGS | bursts.ENDINGS))}.{told}")
    return paths, others


def _copies(ids: Mapping[str, str]) -> dict[str, str]:
    """The files that are copies of others, with the first file of the same content. `ids` are the ids of the files by their paths, in the
    order that says which is the first."""
    first: dict[str, str] = {}
    for path, known_by in ids.items():
        first.setdefault(known_by, path)
    return {path: first[known_by] for path, known_by in sorted(ids.items()) if first[known_by] != path}


def _films_of(grouped: Sequence[bursts.Burst]) -> dict[str, Film]:
    """What each burst is, by the path of its first still. Neighbours are in one batch; as the content says where a new batch begins, new
    bursts change only the batches that they are in."""
    films, batch, camera = {}, "", None
    for burst in sorted(grouped, key=lambda burst: burst.stills[0].path):
        folder = folder_of_camera(Path(burst.stills[0].path).parts[:-1])
        if folder != camera or not int(burst.id[-8:], 16) % _BATCH:
            batch, camera = burst.id, folder
        films[burst.stills[0].path] = Film(burst.id, burst.lasts, 1, pictures=burst.pictures, batch=batch)
    return films


def others_line(others: Sequence[str]) -> str:
    """One line about the files whose ending is not that of a video or of a still; `others` is not empty."""
    endings = Counter(PurePath(path).suffix.lower() or "none" for path in others)
    counted = ", ".join(f"{ending} ({number})" for ending, number in endings.most_common(_SHOWN))
    more = f" and {len(endings) - _SHOWN} others" if len(endings) > _SHOWN else ""
    heic = " HEIC cannot be read: convert these pictures to JPEG." if {".heic", ".heif"} & set(endings) else ""
    told = f"Ignored, because they do not have the ending of a video or a still: {count(len(others), 'file')}, {counted}{more}.{heic}"
    return printable(told)


def rows(videos: Videos) -> list[tuple]:
    """A row with the COLUMNS for each video. Copies, which are left out, come last, each with the name of its video."""
    files = [*videos.paths.items(), *((videos.name_of[copy], copy) for copy in videos.copies)]
    return [(name, path, *videos.films[name]) for name, path in files]


def table(videos: Videos, site: Callable[[str], str], gone: Mapping[Film, tuple[str, str]]) -> str:
    """The list of videos for a person, with site and state of each.

    site  gives the site of a video by its name in results; gone  see `KnownFilms.gone`
    """
    here = [(*_for_a_person(*row), site(row[0]), "copy" if row[1] in videos.copies else "here") for row in rows(videos)]
    return tables.csv_text([_FOR_A_PERSON, *here, *((*_for_a_person(*last, *film), "", "gone") for film, last in gone.items())])


def _for_a_person(name: str, path: str, *film: object) -> tuple:
    """The row of a video; of a burst, only the number of its stills."""
    of = Film(*film)
    return name, path, *of[:4], len(bursts.in_folder(path, of.pictures)) if of.pictures else ""


def read_list(path: Path | str, folder: Path | str = "", made_by: str = "gather_motion.py") -> Videos:
    """The videos below `folder`, from a table of the program `made_by` with the COLUMNS. Raises UserError if it is missing."""
    paths: dict[str, str] = {}
    films: dict[str, Film] = {}
    copies = {}
    for row in tables.read(path, made_by):
        if row["path"] != (video := paths.setdefault(row["name"], row["path"])):
            copies[row["path"]] = video
        films[row["name"]] = Film(
            row["film"], float(row["seconds"]), int(row["stretches"]), row["region"], row["pictures"], row["boxes"], row["batch"]
        )
    return Videos(str(folder), paths, copies, films)


def names_of(paths: Sequence[PurePath], known: Mapping[str, str] | None = None, taken: Collection[str] = ()) -> list[str]:
    """The names of videos in results, in the order of their different paths (see `list_videos`). Known names stay, and no other video ever
    gets one of them."""
    known = known or {}
    new = [path for path in paths if str(path) not in known]
    given = [_safe(path, path.with_suffix("")) for path in new]
    reserved = Counter(map(_seen_by_others, [*known.values(), *taken]))
    for longer_name in (lambda path: _safe(path, path), _with_digest):
        uses = Counter(map(_seen_by_others, given)) + reserved
        given = [longer_name(path) if uses[_seen_by_others(name)] > 1 else name for path, name in zip(new, given, strict=True)]
    name_of = dict(zip(map(str, new), given, strict=True))
    names = [known.get(str(path)) or name_of[str(path)] for path in paths]
    first: dict[str, PurePath] = {}
    for path, name in zip(paths, names, strict=True):
        other = first.setdefault(_seen_by_others(name), path)
        if other is not path:
            raise UserError(f"The videos {other} and {path} would have the same name in results. Rename one of them.")
    return names


def _safe(path: PurePath, wanted: PurePath) -> str:
    """The wanted name of a video; if that is not safe, a name with a digest of its path."""
    name = "__".join(wanted.parts)
    is_safe = not _UNSAFE.search(name.encode(errors="replace").decode()) and "\ufffd" not in name and not _TAKEN.fullmatch(name)
    # File systems allow 255 bytes, and frame and box are added later.
    return name if is_safe and len(name.encode()) < 200 and not any("__" in part for part in wanted.parts) else _with_digest(path)


def _with_digest(path: PurePath) -> str:
    safe = _UNSAFE.sub("_", "__".join(path.with_suffix("").parts).encode(errors="replace").decode())
    return f"{safe[:60]}-{hashlib.sha256(str(path).encode(errors='surrogateescape')).hexdigest()[:8]}"


def _seen_by_others(name: str) -> str:
    """The name as file systems compare it that ignore case and the forms in which Unicode writes an accent."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
