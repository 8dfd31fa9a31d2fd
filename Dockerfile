# evalsite, with bubblewrap, for an ordinary user. Build it: docker build --tag evalsite .
# docs/containers.md says with which flags programs can be run in it.

FROM python:3.13-slim-bookworm AS build
WORKDIR /source
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY scripts/fetch_assets.py scripts/
COPY evalsite evalsite
COPY templates templates
COPY static static
# Byte code is made when it is used: it would be a quarter of the image.
RUN python -m venv /opt/evalsite \
    && /opt/evalsite/bin/pip install --no-cache-dir --no-compile ".[cards]" \
    && /opt/evalsite/bin/pip uninstall --yes pip \
    && find /opt/evalsite -name tests -type d -prune -exec rm -rf {} +

FROM python:3.13-slim-bookworm
# Without versions: Debian's stable release keeps one, and takes the last one away when it mends it.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends bubblewrap \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 evalsite
COPY --from=build /opt/evalsite /opt/evalsite
ENV PATH=/opt/evalsite/bin:$PATH
USER 1000
WORKDIR /work
ENTRYPOINT ["evalsite"]
CMD ["--help"]
