# The service in a container: built from the lock with its hashes, run by nobody in particular, on a root that it cannot write.
FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONUTF8=1
WORKDIR /src
COPY requirements.lock ./
# setuptools first: one package comes as source and is built by the setuptools of the lock, not by the network's newest.
RUN python -m venv /opt/mingzhang \
 && sed -n '/^setuptools==/,/# via/p' requirements.lock >setuptools.lock \
 && /opt/mingzhang/bin/python -m pip install --no-deps --require-hashes --requirement setuptools.lock \
 && /opt/mingzhang/bin/python -m pip install --no-deps --require-hashes --no-build-isolation --use-pep517 \
      --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY ledger ledger
COPY api api
RUN /opt/mingzhang/bin/python -m pip install --no-deps --no-build-isolation . \
 && /opt/mingzhang/bin/python -m compileall -q /opt/mingzhang/lib

FROM python:3.12-slim-bookworm
COPY --from=build /opt/mingzhang /opt/mingzhang
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin mingzhang \
 && install -d -o mingzhang -g mingzhang -m 700 /data
ENV PATH=/opt/mingzhang/bin:$PATH PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 \
    MINGZHANG_HOST=0.0.0.0 MINGZHANG_PORT=8080 MINGZHANG_LEDGER=/data/ledger.db MINGZHANG_KEYS=/data/keeper.ring
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/ready', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["mingzhang"]
CMD ["serve"]
