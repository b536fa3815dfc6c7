# hospital-ops for production. Not built where it was written: no image registry could be reached there. tests/deploy
# checks that every COPY source exists and runs these install and start commands in a clean environment.

# The document names Gunicorn. Its place is taken by Granian, the server that Reflex is built on: it speaks ASGI and
# WebSocket natively, which Gunicorn does only through Uvicorn's worker. Installing both would make Reflex switch to them.

FROM python:3.11-slim AS build
WORKDIR /srv/hospital
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements-core.txt ./
RUN pip install -r requirements-core.txt
COPY hospital_ops ./hospital_ops
COPY workers ./workers
COPY alembic ./alembic
COPY alembic.ini rxconfig.py pyproject.toml ./
COPY assets ./assets
COPY reflex.lock ./reflex.lock
RUN python -m hospital_ops frontend

FROM python:3.11-slim
# libgl and libglib: OpenCV, for reading cards.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgl1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 hospital \
    && install --directory --owner hospital --mode 0700 /data
WORKDIR /srv/hospital
COPY --from=build /opt/venv /opt/venv
# Owned by root and read by the application: it cannot change its own code. .web/backend is read at run time too.
COPY --from=build /srv/hospital /srv/hospital
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOSPITAL_ENV=production \
    HOSPITAL_DATA_DIR=/data \
    HOSPITAL_HOST=0.0.0.0 \
    HOSPITAL_PORT=8000 \
    HOSPITAL_TLS=off
USER hospital
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/api/health', timeout=4)"]
CMD ["python", "-m", "hospital_ops", "web"]
