# Turns folders of labelled clips into a classifier for DeepMeerkat. `snakemake --cores 8` runs everything.
import os

from snakemake.utils import min_version

min_version("9.0")


configfile: f"{workflow.current_basedir}/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/program.smk"
include: "workflow/rules/docs.smk"
include: "workflow/rules/preprocess.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/evaluate.smk"
include: "workflow/rules/export.smk"
include: "workflow/rules/provenance.smk"
include: "workflow/rules/learning_curve.smk"
include: "workflow/rules/motion.smk"
include: "workflow/rules/clips.smk"
include: "workflow/rules/sorting.smk"
include: "workflow/rules/annotate.smk"
include: "workflow/rules/model_card.smk"
include: "workflow/rules/report.smk"


onstart:
    cancelled = slurm_leftovers.cancel_jobs_of(Path.cwd())
    if cancelled:
        messages.log.warning(f"Cancelled {len(cancelled)} jobs that an interrupted run had left in Slurm's queue. Starting again.")
        # The plan may rely on an output of one of these jobs, but a cancelled job deletes its output: make a new plan.
        workflow.persistence.unlock()
        os.execv(sys.executable, sys.orig_argv)
    job_failures.report(at_once=workflow.non_local_exec)


onsuccess:
    remove_other_shards()
    atomic.remove_leftovers(RESULTS)
    remember_results()
    for setting, paths in outdated_annotations().items():
        messages.log.warning(
            f"{ANNOTATIONS}: {' and '.join(paths)} of an earlier run: {setting} does not ask for it now. Delete what you do not need."
        )


onerror:
    remember_results()


# Every intermediate file is also a target. If a job fails, Snakemake deletes its output and forgets why it ran. The next run would then
# skip an intermediate file that is not a target, and keep stale results.
rule all:
    default_target: True
    input:
        rules.create_docs.output,
        rules.freeze_backbone.output,
        records("train"),
        records("eval"),
        rules.train.output,
        rules.evaluate.output,
        rules.export.output,
        rules.write_model_card.output,
        rules.write_provenance.output,
        rules.write_report.output,
