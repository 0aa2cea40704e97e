# Written by Train on Vertex AI, since the repository has no Dockerfile. Commit it as Dockerfile to make it yours.
# BASE_IMAGE is handed in with every build: the base that fits the job's hardware and the program's packages.
ARG BASE_IMAGE=python:3.12-slim

# Root: on Vertex AI no one else can write a trial's metrics, and whether anyone else can write to /gcs is not documented.
FROM ${BASE_IMAGE} AS python
USER root

# Slim Python images bring Python and pip, nvidia/cuda images do not.
RUN python3 -c 'import ensurepip' 2>/dev/null || { \
      apt-get update \
   && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3 python3-venv \
   && rm -rf /var/lib/apt/lists/*; }

# Pipenv is needed to build the image, and stays out of it.
FROM python AS tools
RUN --mount=type=cache,target=/root/.cache/pip \
    python3 -m venv /opt/tools \
 && /opt/tools/bin/pip install pipenv==2026.10.3

# What Pipenv has locked, as a list for pip.
FROM tools AS lock
WORKDIR /app
COPY Pipfile Pipfile.lock ./
RUN /opt/tools/bin/pipenv requirements --hash > /opt/requirements.txt

# The image itself.
FROM python

# What the program prints is in the log at once.
ENV PYTHONUNBUFFERED=1

# An environment of its own, since distributions guard their Python against pip (PEP 668); it sees what the base
# brings.
RUN python3 -m venv --system-site-packages /opt/venv
ENV PATH=/opt/venv/bin:${PATH}

WORKDIR /app

# Before the code, so that a change of the code installs nothing again.
COPY --from=lock /opt/requirements.txt /opt/requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install --requirement /opt/requirements.txt

# Reports the metrics of a tuning job.
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install cloudml-hypertune==0.1.0.dev6

COPY . .

# In exec form, so that the job's arguments reach the program, and a stop signal too.
ENTRYPOINT ["python", "main.py"]
