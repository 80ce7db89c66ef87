// A service in Python: FastAPI under uvicorn, with what the platform asks of every app: health, readiness and metrics. pyproject.toml
// is that of PEP 621, which uv and Poetry 2 both read.

import type { AppKind } from "./add-app.ts";

const MAIN = `"""The service: one example route, and what the platform asks of every app."""

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

app = FastAPI()
requests = Counter("app_requests_total", "Requests by route.", ["route"])


@app.get("/")
def index() -> dict[str, str]:
    requests.labels("/").inc()
    return {"service": "NAME"}


@app.get("/healthz")
def healthz() -> dict[str, str]:
    """Asked whether the container must be restarted: no dependency may make this fail."""
    return {"status": "ok"}


@app.get("/readyz")
def readyz() -> dict[str, str]:
    """Asked whether it may get requests: check here what it cannot answer without."""
    return {"status": "ready"}


@app.get("/metrics")
def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
`;

const TEST = `from fastapi.testclient import TestClient

from service.main import app

client = TestClient(app)


def test_answers_what_the_platform_asks() -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/"):
        assert client.get(path).status_code == 200
`;

const PYPROJECT = `[project]
name = "NAME"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["fastapi>=0.115,<1", "prometheus-client>=0.21,<1", "uvicorn>=0.32,<1"]

[dependency-groups]
dev = ["httpx>=0.27,<1", "pytest>=8,<9"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build.targets.wheel]
packages = ["service"]
`;

const DOCKERFILE = `FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml ./
COPY service ./service
RUN pip install --no-cache-dir --prefix=/install .

# Runs as nobody in particular, on a file system it cannot write to.
FROM python:3.13-slim
COPY --from=build /install /usr/local
USER 65532:65532
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
EXPOSE 8000
CMD ["uvicorn", "service.main:app", "--host", "0.0.0.0", "--port", "8000"]
`;

export const FASTAPI: AppKind = {
  port: 8000,
  files: (name) => ({
    "pyproject.toml": PYPROJECT.replaceAll("NAME", name),
    "service/__init__.py": "",
    "service/main.py": MAIN.replaceAll("NAME", name),
    "tests/test_main.py": TEST,
    Dockerfile: DOCKERFILE,
    ".dockerignore": ".venv\n__pycache__\ntests\n",
  }),
};
