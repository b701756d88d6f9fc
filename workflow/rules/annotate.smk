# Needs: what moves in the videos, and a model. Makes, when asked for (`snakemake annotate`): the visits of animals, and a report.
ANNOTATIONS = f"{RESULTS}/annotations"
# A model from elsewhere comes without an evaluation of ours.
OWN_MODEL = SETTINGS.annotate.model is None
MODEL = Path(rules.export.output.model).parent if OWN_MODEL else Path(SETTINGS.annotate.model)


use rule program as score_clips with:
    input:
        [MODEL / "saved_model.pb"] if OWN_MODEL else [],
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
        **command(
            "score_clips.py",
            lambda wildcards: {"motion": MOTION, "model": model_folder(), "state": f"{STATE}/scores"},
            own=[] if OWN_MODEL else sorted(path for path in MODEL.rglob("*") if path.is_file()),
            threads=True,
        ),


# What motion and model say of all videos, for the programs that read it (`scored_videos`).
SCORED = {"videos": rules.list_videos.output.videos, "scores": rules.score_clips.output.scores}
SCORED |= {"metrics": rules.evaluate.output.metrics} if OWN_MODEL else {}
SCORED_SETTINGS = {"motion": MOTION} | settings(Threshold)


use rule program as find_visits with:
    input:
        motion_of_all,
        **SCORED,
    output:
        visits=f"{ANNOTATIONS}/visits.csv",
        videos=f"{ANNOTATIONS}/videos.csv",
        playlist=f"{ANNOTATIONS}/visits.m3u8",
    log:
        log_of("find_visits"),
    benchmark:
        benchmark_of("find_visits")
    params:
        **command(
            "find_visits.py",
            lambda wildcards: SCORED_SETTINGS
            | settings(Joining, Pictures)
            | start_and_site()
            | deployments_table()
            | {"folder": video_folder()},
            own=[SETTINGS.videos.table, SETTINGS.annotate.deployments],
            to_folder=True,
        ),


use rule program as write_detections with:
    input:
        motion_of_all,
        **SCORED,
    output:
        detections=f"{ANNOTATIONS}/detections.json",
    log:
        log_of("write_detections"),
    benchmark:
        benchmark_of("write_detections")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command("write_detections.py", lambda wildcards: SCORED_SETTINGS | {"folder": video_folder(), "model": MODEL}),


use rule program as sample_quiet_minutes with:
    input:
        motion_of_all,
        videos=rules.list_videos.output.videos,
    output:
        quiet_minutes=f"{ANNOTATIONS}/quiet_minutes.csv",
        playlist=f"{ANNOTATIONS}/quiet_minutes.m3u8",
    log:
        log_of("sample_quiet_minutes"),
    benchmark:
        benchmark_of("sample_quiet_minutes")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command("sample_quiet_minutes.py", {"motion": MOTION} | settings(Seeded), to_folder=True),


use rule program as check_visits with:
    input:
        motion_of_all,
        **SCORED,
        **({"training": f"{DOCS}/{LISTS['train']}"} if OWN_MODEL else {}),
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
            lambda wildcards: SCORED_SETTINGS | settings(Joining) | truth_table() | {"folder": video_folder()},
            own=[SETTINGS.annotate.truth],
        ),


use rule program as write_visits_report with:
    input:
        PAGE_PARTS,
        rules.sample_quiet_minutes.output.playlist,
        visits=rules.find_visits.output.visits,
        videos=rules.find_visits.output.videos,
        quiet_minutes=rules.sample_quiet_minutes.output.quiet_minutes,
        check=rules.check_visits.output.check if SETTINGS.annotate.truth else [],
        template=f"{PAGES}/visits.html.j2",
    output:
        report=f"{ANNOTATIONS}/report.html",
    log:
        log_of("write_visits_report"),
    benchmark:
        benchmark_of("write_visits_report")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command("write_visits_report.py", {}),


use rule program as write_camtrap_dp with:
    input:
        visits=rules.find_visits.output.visits,
        videos=rules.find_visits.output.videos,
    output:
        f"{ANNOTATIONS}/camtrap-dp/datapackage.json",
        expand(f"{ANNOTATIONS}/camtrap-dp/{{table}}.csv", table=["deployments", "media", "observations", "left_out"]),
    log:
        log_of("write_camtrap_dp"),
    benchmark:
        benchmark_of("write_camtrap_dp")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command(
            "write_camtrap_dp.py",
            lambda wildcards: {"folder": video_folder()} | deployments_table(),
            own=[SETTINGS.annotate.deployments],
            to_folder=True,
        ),


use rule program as cut_visits with:
    input:
        visits=rules.find_visits.output.visits,
        videos=rules.find_visits.output.videos,
    output:
        films=f"{ANNOTATIONS}/films.csv",
    log:
        log_of("cut_visits"),
    benchmark:
        benchmark_of("cut_visits")
    threads: 8
    params:
        **command("cut_visits.py", {}, to_folder=True, threads=True),


rule annotate:
    input:
        rules.list_videos.output,
        all_of_motion,
        rules.score_clips.output,
        rules.find_visits.output,
        rules.write_detections.output,
        rules.sample_quiet_minutes.output,
        rules.write_visits_report.output,
        rules.write_camtrap_dp.output if SETTINGS.annotate.deployments and not WRITTEN_INTO_PACKAGE else [],
        rules.cut_visits.output if SETTINGS.annotate.films else [],
    localrule: True


rule check:
    input:
        rules.annotate.input,
        rules.check_visits.output,
        f"{RESULTS}/report.html" if OWN_MODEL else [],
    localrule: True
