# The collection of this repository, served: docs/operations.md says how to run it, and with releases of your own.
# Both stages have the same interpreter, so that the environment can be copied from one to the other.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN python -m venv --without-pip /opt/attest \
 && pip --python /opt/attest/bin/python install --no-cache-dir --require-hashes --requirement requirements/run.txt
COPY pyproject.toml hatch_build.py kg.toml README.md CHANGELOG.md CITATION.cff LICENSE LICENSE-DATA NOTICE ./
COPY ontology/ ontology/
COPY data/ data/
COPY queries/ queries/
COPY src/ src/
RUN pip --python /opt/attest/bin/python install --no-cache-dir --no-deps --no-build-isolation --no-index . \
 && /opt/attest/bin/kg build --quiet --output /srv/attest

FROM python:3.13-slim-bookworm
COPY --from=build /opt/attest /opt/attest
COPY --from=build /srv/attest /srv/attest
ENV PATH=/opt/attest/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# A number: Kubernetes proves by it that this is not root.
USER 65532:65532
WORKDIR /srv/attest
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["kg"]
CMD ["serve", "/srv/attest", "--host", "0.0.0.0", "--port", "8000"]
