# Needs: what moves in the videos, and a model. Makes, when asked for (`snakemake annotate`): the visits of animals, and a report.
ANNOTATIONS = f"{RESULTS}/annotations"
# A model from elsewhere comes without an evaluation of ours.
OWN_MODEL = config["annotate"]["model"] is None
MODEL = Path(rules.export.output.model).parent if OWN_MODEL else Path(config["annotate"]["model"])


use rule program as score_clips with:
    input:
        # A file that is not there is no input: the program says what to write instead.
        [path for path in [MODEL / "saved_model.pb"] if OWN_MODEL or path.is_file()],
        motion_of_all,
        videos=rules.list_videos.output.videos,
    output:
        scores=f"{ANNOTATIONS}/scores.csv",
    log:
        log_of("score_clips"),
    benchmark:
        benchmark_of("score_clips")
    threads: 8
    resources:
        mem_mb=rising(1500),
        runtime=rising(240),
    params:
        **command("score_clips.py", {"motion": MOTION, "model": MODEL, "state": f"{STATE}/scores"}, threads=True),


use rule program as find_visits with:
    input:
        # A file that is not there is no input: the program says what to write instead.
        [path for path in [config["videos"]["table"]] if path and Path(path).is_file()],
        motion_of_all,
        videos=rules.list_videos.output.videos,
        scores=rules.score_clips.output.scores,
        metrics=rules.evaluate.output.metrics if OWN_MODEL else [],
    output:
        visits=f"{ANNOTATIONS}/visits.csv",
        playlist=f"{ANNOTATIONS}/visits.m3u8",
        quiet_minutes=f"{ANNOTATIONS}/quiet_minutes.m3u8",
        detections=f"{ANNOTATIONS}/detections.json",
        rejected=f"{ANNOTATIONS}/rejected.csv",
    log:
        log_of("find_visits"),
    benchmark:
        benchmark_of("find_visits")
    params:
        **command(
            "find_visits.py",
            lambda wildcards: {name: config["annotate"][name] for name in ["threshold", "join", "keep", "draw_boxes"]}
            | {name: config["videos"][name] for name in ["table", "start_pattern"]}
            | {"motion": MOTION, "folder": video_folder(), "model": MODEL, "seed": config["seed"]},
            to_folder=True,
        ),


use rule program as check_visits with:
    input:
        # A file that is not there is no input: the program says what to write instead.
        [path for path in [config["annotate"]["truth"]] if path and Path(path).is_file()],
        motion_of_all,
        videos=rules.list_videos.output.videos,
        scores=rules.score_clips.output.scores,
        metrics=rules.evaluate.output.metrics if OWN_MODEL else [],
    output:
        lost=f"{ANNOTATIONS}/check.csv",
        check=f"{ANNOTATIONS}/check.json",
    log:
        log_of("check_visits"),
    benchmark:
        benchmark_of("check_visits")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command(
            "check_visits.py",
            lambda wildcards: {name: config["annotate"][name] for name in ["threshold", "join"]}
            | {"truth": or_exit(truth_table), "motion": MOTION, "folder": video_folder()},
        ),


use rule program as write_visits_report with:
    input:
        motion_of_all,
        videos=rules.list_videos.output.videos,
        visits=rules.find_visits.output.visits,
        check=rules.check_visits.output.check if config["annotate"]["truth"] else [],
        template=f"{workflow.basedir}/workflow/report/visits.html.j2",
    output:
        report=f"{ANNOTATIONS}/report.html",
    log:
        log_of("write_visits_report"),
    benchmark:
        benchmark_of("write_visits_report")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command("write_visits_report.py", {"motion": MOTION}),


rule annotate:
    input:
        rules.list_videos.output,
        all_of_motion,
        rules.score_clips.output,
        rules.find_visits.output,
        rules.write_visits_report.output,
    localrule: True


rule check:
    input:
        rules.annotate.input,
        rules.check_visits.output,
    localrule: True
