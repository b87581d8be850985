# Built in one stage, run in another: no compiler, no package cache, no build tools in the result.
FROM python:3.13-slim-bookworm AS build

WORKDIR /build
RUN python -m venv /opt/ketchup
COPY requirements/ requirements/
RUN /opt/ketchup/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement requirements/run.txt

# The build backend, at the versions and hashes of the lock file for development.
RUN awk '/^[^ #]/ { wanted = /^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/ } wanted' \
        requirements/dev.txt > build.txt \
    && pip install --no-cache-dir --no-deps --require-hashes --requirement build.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot/ bot/
COPY cogs/ cogs/
COPY sandbox/ sandbox/
RUN python -m hatchling build --target wheel \
    && /opt/ketchup/bin/pip install --no-cache-dir --no-deps --no-index dist/*.whl


FROM python:3.13-slim-bookworm

# Only /data is ever written: the root file system can be read-only.
RUN useradd --system --no-log-init --uid 10001 --user-group --home-dir /data ketchup \
    && install --directory --owner=ketchup --group=ketchup --mode=0750 /data
COPY --from=build /opt/ketchup /opt/ketchup

ENV PATH=/opt/ketchup/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/ketchup.db \
    HTTP_HOST=0.0.0.0

WORKDIR /data
VOLUME /data
USER ketchup
EXPOSE 8080

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ.get('HTTP_PORT', '8080') + '/healthz', timeout=4)"]

# The bot itself is process 1, so that signals reach it.
ENTRYPOINT ["ketchup-bot"]
CMD ["run"]
