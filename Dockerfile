# syntax=docker/dockerfile:1
FROM python:3.11-slim AS build
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
RUN useradd --system --uid 10001 openness && install --directory --owner openness /data
COPY --from=build /venv /venv
WORKDIR /app
COPY manage.py ./
COPY openness openness
COPY ingest ingest
COPY licenses licenses
COPY templates templates
COPY static static
USER openness
VOLUME /data
EXPOSE 8000
