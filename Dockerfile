# For clusters whose computers have no Python 3.11: docker build -t deepmeerkat-training .
# or, without Docker on the cluster: apptainer build training.sif docker-daemon://deepmeerkat-training:latest
FROM python:3.11-slim-bookworm
COPY requirements/cluster.txt /requirements/
RUN pip install --no-cache-dir --require-hashes -r /requirements/cluster.txt
COPY Snakefile config.yaml /workflow/
COPY profiles /workflow/profiles
COPY workflow /workflow/workflow
COPY samples /workflow/samples
WORKDIR /data
ENTRYPOINT ["snakemake", "--snakefile", "/workflow/Snakefile"]
CMD ["--cores", "all"]
