"""The configuration: what is allowed, what a wrong setting is told, and files that are not what YAML takes them for."""

import shutil
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, run_program
from meerkat.errors import UserError
from meerkat.running import config_file, own_configuration
from meerkat.settings.configuration import Configuration
from meerkat.settings.data import Data


def _config(**changes):
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    for name, value in changes.items():
        if isinstance(value, dict):
            config[name] |= value
        else:
            config[name] = value
    return config


def test_the_configuration_as_it_comes_is_allowed():
    own_configuration.check(_config())
    own_configuration.check(_config(videos={"size": 1.0}))


_DATE = "(?P<year>.)(?P<month>.)(?P<day>.)(?P<hour>.)(?P<minute>.)"


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"sede": 2}, "sede: no such setting. Did you mean seed?"),
        ({"data": {"fodler": "x"}}, "data: fodler: no such setting. Did you mean folder?"),
        (
            {"train": {"max_steps": "many"}},
            "train: max_steps: 'many' is not allowed. Write a whole number from 1 to 10000000 (default 10000)",
        ),
        ({"train": {"dropout": 1.0}}, "train: dropout: 1.0 is not allowed. Write a number, at least 0, below 1 (default 0.5)"),
        ({"data": {"balance": "upsample"}}, "data: balance: 'upsample' is not allowed. Write weight, downsample or none (default weight)"),
        (
            {"videos": {"ignore": [[0, 0, 0.3, 0.1]]}},
            "videos: ignore: this setting is gone. Parts of the picture stand in a table of cameras",
        ),
        ({"videos": {"roi": [0.5, 0, 0, 1]}}, "videos: roi: this setting is gone. Parts of the picture stand in a table of cameras now"),
        ({"data": {"sites": "sites.csv"}}, "data: sites: this setting is gone. Sites stand in a table of cameras now"),
        ({"videos": {"folder": "~nobodyx/v"}}, "videos: folder: '~nobodyx/v' cannot be used: no user of this name has a home folder"),
        ({"data": {"video_pattern": "("}}, "data: video_pattern: '(' is not a regular expression"),
        ({"data": {"video_pattern": "(x)"}}, "data: video_pattern: '(x)' has no group (?P<video>...)"),
        (
            {"videos": {"table": "a.csv"}},
            "videos: table: this setting is gone. Sites and clocks stand in a table of cameras now. Write its",
        ),
        ({"annotate": {"deployments": "a.csv"}}, "annotate: deployments: this setting is gone. Places and time zones stand in a table of"),
        ({"dataset": {"data_licence": "CC0-1.0"}}, "data_licence and media_licence belong together. Write both"),
        ({"dataset": {"contributors": "Ann"}}, "dataset: contributors: 'Ann' is not allowed. Write a list such as ['Ann Smith"),
        ({"videos": {"start_pattern": r"(?P<year>\d+)"}}, "has no group (?P<month>...), (?P<day>...), (?P<hour>...), (?P<minute>...)"),
        ({"videos": {"start_pattern": f"{_DATE}(?P<secnd>.)"}}, "has a group secnd, which means nothing. Did you mean second?"),
        ({"results": " "}, "results: ' ' is not allowed"),
        ({"results": "a\nb"}, "results: 'a\\nb' is not allowed"),
        ({"results": "."}, "results: . is also the folder where you type. Write a separate folder for results"),
        ({"results": "config.yaml/x"}, "results: config.yaml/x is a file, or its path leads through a file"),
        ({"results": "v", "videos": {"folder": "v"}}, "results: v is also videos: folder"),
        ({"backbone": {"name": False}}, "YAML reads yes, no, on and off as true and false: in quotes, they are texts"),
        ({"annotate": {"threshold": 0, 5: None}}, "annotate: 5: no such setting"),
        ({"data": None}, "data: null is not allowed. Write settings, one a line, indented"),
        ({"train": {"learning_rate": float("nan")}}, "train: learning_rate: nan is not allowed. Write a number"),
        ({"train": {"learning_rate": "1e-3"}}, "YAML reads 1e-3 as a text: write 0.001"),
        ({"results": "-x"}, "results: '-x' is not allowed. Folder for everything that is made. The path must not contain braces"),
        (
            {"results": 3},
            "results: 3 is not allowed. Write a path (default results). In quotes, it is a text: '3'",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(changes, message, monkeypatch):
    monkeypatch.chdir(ROOT)
    with pytest.raises(UserError) as caught:
        own_configuration.check(_config(**changes))
    assert message in str(caught.value)


def test_the_home_folder_may_be_written_as_a_tilde(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    config = _config(
        results="~/results",
        data={"folder": "~/clips", "train_csv": "~/a.csv", "eval_csv": "~/b.csv"},
        preprocessed={"train": "~/train-*", "eval": "~/eval-*"},
        backbone={"weights": "~/weights.pth"},
        videos={"folder": "~/videos"},
        annotate={"model": "~/model"},
    )
    own_configuration.prepare(config, [])
    assert "~" not in repr(config) and config["results"] == "/home/me/results" and config["annotate"]["model"] == "/home/me/model"


def test_the_samples_are_only_for_those_who_have_set_nothing():
    assert own_configuration.clip_folder(Configuration(), []) == "samples"
    assert own_configuration.video_folder(Configuration(videos={"folder": "."}), ["mine.yaml"]) == "."
    with pytest.raises(UserError, match=r"mine\.yaml names no folder of clips\. Write\ndata:\n  folder: myclips"):
        own_configuration.clip_folder(Configuration(), ["mine.yaml"])


def test_a_model_needs_clips_of_both_classes_on_both_sides(tmp_path):
    settings = Configuration(results=str(tmp_path / "results"), data={"folder": str(tmp_path / "clips")})

    def may_train(settings=settings):
        return own_configuration.may_train(settings, ["mine.yaml"])

    def sort(*folders):
        for folder in folders:
            (tmp_path / "clips" / folder).mkdir(parents=True)
            (tmp_path / "clips" / folder / "a.jpg").write_bytes(b"")

    assert not may_train() and not may_train(settings.model_copy(update={"data": Configuration().data}))
    sort("Training/Positive", "Training/Negative/creek", "Training/Unsure", "Testing/Unsure")  # as the answers on a guess do
    assert not may_train() and may_train(settings.model_copy(update={"data": Data(folder=settings.data.folder, split="video")}))
    sort("test/positives")
    sort("test/negatives/unsure")  # not used
    given = Data(folder=settings.data.folder, eval_csv="testing.csv")
    assert may_train(settings.model_copy(update={"data": given}))
    (tmp_path / "clips/test/negatives/notes.csv").touch()
    assert not may_train()
    sort("Testing/Negative")
    assert may_train()
    # A misspelt folder must not replace a model by a guess.
    shutil.rmtree(tmp_path / "clips")
    (tmp_path / "results/model").mkdir(parents=True)
    assert may_train()


def test_a_run_without_a_configuration_trains_on_the_samples(tmp_path):
    assert own_configuration.may_train(Configuration(results=str(tmp_path)), [])


@pytest.mark.parametrize(
    "settings, targets, message",
    [
        ({"data": {"folder": "gone"}}, [], "The clip folder gone does not exist. Write the right path under data: folder:"),
        (
            {"data": {"folder": "gone"}, "videos": {"folder": "."}},
            [],
            "Nothing is sorted yet: there is no folder gone. Run",
        ),
        ({"data": {"folder": "a_file"}}, [], "The clip folder a_file is not a folder"),
        (
            {"data": {"train_csv": "gone.csv", "folder": "."}},
            [],
            "data: train_csv: there is no file gone.csv. Write the right path, or null.",
        ),
        ({"videos": {"folder": "gone"}}, ["clips"], "The video folder gone does not exist"),
        ({"videos": {"folder": ".", "cameras": "gone.csv"}}, ["annotate", "-n"], "videos: cameras: there is no file gone.csv"),
        ({"data": {"folder": "gone"}, "videos": {"folder": "."}}, ["clips"], ""),
        ({"data": {"folder": "gone"}, "videos": {"folder": "gone"}}, ["sorting"], ""),
        ({}, ["anotate"], "anotate: no such target. Did you mean annotate?"),
    ],
)
def test_what_a_run_needs_must_be_there_before_snakemake_starts(tmp_path, monkeypatch, settings, targets, message):
    monkeypatch.chdir(tmp_path)
    Path("a_file").touch()
    Path("mine.yaml").write_text(yaml.safe_dump(settings))
    done = run_program("check_configuration.py", "mine.yaml", "--", *targets, folder=tmp_path)
    assert message in done.stderr and done.returncode == bool(message)


@pytest.mark.parametrize(
    "content, message",
    [
        (b"data: {folder: a}\nseed: 1\ndata: {folder: b}\n", "line 3: data: is written twice, also in line 1"),
        (b"data:\n  folder: a\n  folder: b\n", "line 3: data: folder: is written twice, also in line 2"),
        (b'data:\n  video_pattern: "(?P<video>.+)_\\d"\n', "line 2: a backslash in double quotes. Write single quotes"),
        (b"data:\n\tfolder: a\n", "line 2: a tab at the beginning"),
        (b"data:\n  folder: [a\n", "not YAML"),
        (b"just some text\n", "no settings"),
        (b"# only a comment\n", "no settings"),
        (b"", "no settings"),
        (b"results: !mine x\n", "line 1: not YAML (could not determine a constructor for the tag"),
        (b"? [a, b]\n: c\n", "line 1: a list as the name of a setting"),
        (b"data: &a {folder: *a}\n", "without end"),
        (b"results: 012\n", "results: 012 is taken for the number 10. Write 10 if that is what you mean, otherwise quotes: '012'"),
        (b"results: 2021-05-01\n", "line 1: results: 2021-05-01 is taken for a date. Write quotes: '2021-05-01'"),
        (b"# mine\nresults: 2021_05\n", "line 2: results: 2021_05 is taken for the number 202105. Write"),
        (b"results: 12:30\n", "line 1: results: 12:30 is taken for the number 750"),
        ("results: a\n".encode("utf-16"), "is written as UTF-16. Save it as UTF-8"),
        ("results: a\n".encode("utf-16-le"), "is written as UTF-16. Save it as UTF-8"),
        ("# mine\nresults: Vidéos\n".encode("latin-1"), "line 2: a letter that is not written as UTF-8"),
        (b"results: a\x07b\n", "line 1: a character that is not allowed in text"),
        (b"results: a\0b\n", "line 1: a character that is not allowed in text"),
    ],
)
def test_a_file_that_is_not_what_it_seems_is_refused_with_its_line(tmp_path, content, message):
    (tmp_path / "mine.yaml").write_bytes(content)
    with pytest.raises(UserError) as caught:
        config_file.check(tmp_path / "mine.yaml")
    text = str(caught.value)
    assert message in text and str(tmp_path / "mine.yaml") in text
    assert ("tab" in text) == (b"\t" in content)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfresults: a\n",
        b"results: '2021-05-01'\nseed: 17\ntrain: {dropout: 0.5, learning_rate: 1.0e-3}\n",
        b"data: &d {folder: a}\nvideos:\n  folder: b\n",
        b'{"results": "a", "data": {"folder": "x\ty"}}',
    ],
)
def test_what_is_right_passes(tmp_path, content):
    (tmp_path / "mine.yaml").write_bytes(content)
    config_file.check(tmp_path / "mine.yaml")


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(UserError, match=r"gone\.yaml cannot be read"):
        config_file.check(Path("gone.yaml"))
