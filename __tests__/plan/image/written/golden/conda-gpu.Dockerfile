# Written by Train on Vertex AI, since the repository has no Dockerfile. Commit it as Dockerfile to make it yours.
# BASE_IMAGE is handed in with every build: the base that fits the job's hardware and the program's packages.
ARG BASE_IMAGE=nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04

ARG MICROMAMBA_IMAGE=mambaorg/micromamba:2.3.3
FROM ${MICROMAMBA_IMAGE} AS micromamba

# Root: on Vertex AI no one else can write a trial's metrics, and whether anyone else can write to /gcs is not documented.
FROM ${BASE_IMAGE}
USER root

# What the program prints is in the log at once.
ENV PYTHONUNBUFFERED=1

# Vertex AI mounts the GPU driver here.
ENV PATH=/usr/local/nvidia/bin:${PATH} \
    LD_LIBRARY_PATH=/usr/local/nvidia/lib64:/usr/local/nvidia/lib${LD_LIBRARY_PATH:+:${LD_LIBRARY_PATH}}

# Conda's environments are made by micromamba, one program without a Python of its own.
COPY --from=micromamba /bin/micromamba /usr/local/bin/micromamba
ENV MAMBA_ROOT_PREFIX=/opt/conda \
    CONDA_PREFIX=/opt/venv
ENV PATH=/opt/venv/bin:${PATH}

WORKDIR /app

# Before the code, so that a change of the code installs nothing again.
# The machine that builds has no GPU: conda has to be told, or takes packages for CPUs.
COPY environment.yml ./
RUN --mount=type=cache,target=/opt/conda/pkgs \
    --mount=type=cache,target=/root/.cache/pip \
    CONDA_OVERRIDE_CUDA=12.6 micromamba create --yes --prefix /opt/venv --file environment.yml python=3.12 pip

COPY . .

# In exec form, so that the job's arguments reach the program, and a stop signal too.
ENTRYPOINT ["python", "train.py"]
