# Needs: the motion in the videos, and a model. Makes, on demand (`snakemake annotate`): the visits of animals, and a report.
# As long as no model can be trained, ImageNet's own classifier guesses.
use rule program as write_guess with:
    output:
        model=f"{RESULTS}/guess/saved_model.pb",
    log:
        log_of("write_guess"),
    benchmark:
        benchmark_of("write_guess")
    resources:
        mem_mb=rising(4000),
    params:
        **command("write_guess.py", {}, to_folder=True),


IS_GUESS = SETTINGS.annotate.model is None and not own_configuration.may_train(SETTINGS, OWN_CONFIGURATION)
# A guess, and a model from elsewhere, come without an evaluation of ours.
OWN_MODEL = SETTINGS.annotate.model is None and not IS_GUESS
MADE_HERE = rules.write_guess.output.model if IS_GUESS else rules.export.output.model
MODEL = Path(SETTINGS.annotate.model or Path(MADE_HERE).parent)
# What is said about it.
OF_OWN_MODEL = [f"{RESULTS}/report.html", f"{MODEL}/model_card.md"] if OWN_MODEL else []


use rule program as score_clips with:
    input:
        [] if SETTINGS.annotate.model else MADE_HERE,
        videos=rules.gather_motion.output.films,
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
            own=sorted(path for path in MODEL.rglob("*") if path.is_file()) if SETTINGS.annotate.model else [],
            threads=True,
        ),


# What a passage did counts beside its pixels, if the labels of Training show that this is better.
use rule program as weigh_passages with:
    input:
        videos=rules.gather_motion.output.films,
        out_of_fold=rules.train.output.out_of_fold,
        metrics=rules.evaluate.output.metrics,
    output:
        weighing=f"{ANNOTATIONS}/weighing.json",
    log:
        log_of("weigh_passages"),
    benchmark:
        benchmark_of("weigh_passages")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command("weigh_passages.py", lambda wildcards: {"motion": MOTION} | settings(Joining)),


# The visits are found once; everything written about them is made from these tables.
use rule program as find_visits with:
    input:
        **({"weighing": rules.weigh_passages.output.weighing} if OWN_MODEL else {}),
        videos=rules.gather_motion.output.films,
        scores=rules.score_clips.output.scores,
    output:
        [f"{ANNOTATIONS}/{table}" for table in ("visits.csv", "videos.csv", "passages.csv", "decided_by.json")],
    log:
        log_of("find_visits"),
    benchmark:
        benchmark_of("find_visits")
    params:
        **command(
            "find_visits.py",
            lambda wildcards: {"motion": MOTION, "folder": video_folder(), "model": MODEL, "guess": IS_GUESS, "said": SAID}
            | settings(Threshold, Joining)
            | start_and_site(),
            inputs=lambda wildcards: digest_of_said(),
            to_folder=True,
        ),


# A rule for each output. `use rule` does not accept computed names.
for output in OUTPUTS:

    rule:
        name:
            f"write_{output.name}"
        input:
            rules.find_visits.output,
        output:
            files_of(output),
        log:
            log_of(f"write_{output.name}"),
        benchmark:
            benchmark_of(f"write_{output.name}")
        localrule: not output.is_work  # seconds: not worth a place in a queue
        conda:
            "../envs/training.yaml"
        threads: 8 if output.is_work else 1
        resources:
            mem_mb=rising(1000),
            runtime=rising(240 if output.is_work else 30),
        params:
            **command_of(output),
        shell:
            COMMAND


use rule program as check_visits with:
    input:
        rules.find_visits.output,
        **({"training": f"{DOCS}/{LISTS['train']}"} if OWN_MODEL else {}),
        listed=rules.gather_motion.output.films,
    output:
        lost=f"{ANNOTATIONS}/check.csv",
        check=f"{ANNOTATIONS}/check.json",
    log:
        log_of("check_visits"),
    benchmark:
        benchmark_of("check_visits")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command("check_visits.py", lambda wildcards: FOUND | truth_table() | {"folder": video_folder(), "known": FILMS}),


# Only once a person has looked at moments that were drawn.
use rule check_visits as audit_visits with:
    output:
        audit=f"{ANNOTATIONS}/audit.json",
    log:
        log_of("audit_visits"),
    benchmark:
        benchmark_of("audit_visits")
    localrule: True  # this is not taken over from check_visits
    params:
        **command(
            "audit_visits.py",
            lambda wildcards: FOUND | {"folder": video_folder(), "said": SAID} | settings(Joining, OperatingRecall),
            own=LOOKED,
        ),


use rule program as write_visits_report with:
    input:
        PAGE_PARTS,
        rules.find_visits.output,
        rules.write_pictures.output,
        check=rules.check_visits.output.check if SETTINGS.annotate.truth else [],
        audit=rules.audit_visits.output.audit if IS_AUDITED else [],
        effort=rules.write_effort.output[0] if SETTINGS.videos.cameras else [],
        template=f"{PAGES}/visits.html.j2",
    output:
        report=f"{ANNOTATIONS}/report.html",
    log:
        log_of("write_visits_report"),
    benchmark:
        benchmark_of("write_visits_report")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command("write_visits_report.py", FOUND),


rule annotate:
    input:
        rules.list_videos.output,
        searched_shards,
        rules.gather_motion.output,
        rules.score_clips.output,
        rules.find_visits.output,
        rules.write_visits_report.output,
        [files_of(output) for output in OUTPUTS if output.is_asked(SETTINGS) and not changed_by_a_person(output)],
        # If new labels have made a new model, what is said about it is new as well.
        OF_OWN_MODEL,


rule check:
    input:
        rules.annotate.input,
        rules.check_visits.output,
