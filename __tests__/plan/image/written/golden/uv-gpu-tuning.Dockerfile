# Written by Train on Vertex AI, since the repository has no Dockerfile. Commit it as Dockerfile to make it yours.
# BASE_IMAGE is handed in with every build: the base that fits the job's hardware and the program's packages.
ARG BASE_IMAGE=nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04

# Root: on Vertex AI no one else can write a trial's metrics, and whether anyone else can write to /gcs is not documented.
FROM ${BASE_IMAGE} AS python
USER root

# Slim Python images bring Python and pip, nvidia/cuda images do not.
RUN python3 -c 'import ensurepip' 2>/dev/null || { \
      apt-get update \
   && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3 python3-venv \
   && rm -rf /var/lib/apt/lists/*; }

# uv is needed to build the image, and stays out of it.
FROM python AS tools
RUN --mount=type=cache,target=/root/.cache/pip \
    python3 -m venv /opt/tools \
 && /opt/tools/bin/pip install uv==0.13.9

# The image itself.
FROM python

# What the program prints is in the log at once.
ENV PYTHONUNBUFFERED=1

# Vertex AI mounts the GPU driver here.
ENV PATH=/usr/local/nvidia/bin:${PATH} \
    LD_LIBRARY_PATH=/usr/local/nvidia/lib64:/usr/local/nvidia/lib${LD_LIBRARY_PATH:+:${LD_LIBRARY_PATH}}

# One environment, outside the code; modules are compiled here, and not by every job.
ENV UV_PROJECT_ENVIRONMENT=/opt/venv \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1 \
    UV_PYTHON=python3 \
    UV_PYTHON_DOWNLOADS=never
ENV PATH=/opt/venv/bin:${PATH}

WORKDIR /app

# Before the code, so that a change of the code installs nothing again.
COPY pyproject.toml uv.lock ./
RUN --mount=type=bind,from=tools,source=/opt/tools,target=/opt/tools \
    --mount=type=cache,target=/root/.cache/uv \
    /opt/tools/bin/uv sync --frozen --no-dev --no-install-local

# Reports the metrics of a tuning job.
RUN --mount=type=bind,from=tools,source=/opt/tools,target=/opt/tools \
    --mount=type=cache,target=/root/.cache/uv \
    /opt/tools/bin/uv pip install --python /opt/venv cloudml-hypertune==0.1.0.dev6

COPY . .

# The project itself.
RUN --mount=type=bind,from=tools,source=/opt/tools,target=/opt/tools \
    --mount=type=cache,target=/root/.cache/uv \
    /opt/tools/bin/uv sync --frozen --no-dev --inexact

# In exec form, so that the job's arguments reach the program, and a stop signal too.
ENTRYPOINT ["python", "-m", "digits.train"]
