# Written by Train on Vertex AI, since the repository has no Dockerfile. Commit it as Dockerfile to make it yours.
# BASE_IMAGE is handed in with every build: the base that fits the job's hardware and the program's packages.
ARG BASE_IMAGE=nvidia/cuda:12.4.1-base-ubuntu22.04

# uv is needed to build the image, and stays out of it.
FROM ${BASE_IMAGE} AS tools
USER root
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=secret,id=netrc,target=/root/.netrc \
    --mount=type=secret,id=pip.conf,target=/root/.config/pip/pip.conf \
    python3 -m venv /opt/tools \
 && /opt/tools/bin/pip install uv==0.13.9

# Root: on Vertex AI no one else can write a trial's metrics, and whether anyone else can write to /gcs is not documented.
FROM ${BASE_IMAGE}
USER root

# What the program prints is in the log at once.
ENV PYTHONUNBUFFERED=1

# Vertex AI mounts the GPU driver here.
ENV PATH=/usr/local/nvidia/bin:${PATH} \
    LD_LIBRARY_PATH=/usr/local/nvidia/lib64:/usr/local/nvidia/lib${LD_LIBRARY_PATH:+:${LD_LIBRARY_PATH}}

# Python 3.12 with pip, in an environment of its own: the base's system has another version.
ENV UV_PYTHON_INSTALL_DIR=/opt/python
RUN --mount=type=bind,from=tools,source=/opt/tools,target=/opt/tools \
    --mount=type=cache,target=/root/.cache/uv \
    --mount=type=secret,id=netrc,target=/root/.netrc \
    --mount=type=secret,id=pip.conf,target=/root/.config/pip/pip.conf \
    /opt/tools/bin/uv venv --seed --python 3.12 /opt/venv
ENV PATH=/opt/venv/bin:${PATH}

WORKDIR /app

# Before the code, so that a change of the code installs nothing again.
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=secret,id=netrc,target=/root/.netrc \
    --mount=type=secret,id=pip.conf,target=/root/.config/pip/pip.conf \
    pip install --requirement requirements.txt

COPY . .

# In exec form, so that the job's arguments reach the program, and a stop signal too.
ENTRYPOINT ["python", "train.py"]
