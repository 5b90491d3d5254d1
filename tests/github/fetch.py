"""Fetches GitHub's description of its API from npm, and trims it. Run when tests are set up.

The package is @octokit/openapi (MIT): 13 MB, of which about 90 kB are kept.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from tests.github.description import CACHED, MISSING, SCHEMAS, Json, key, load, wanted

PACKAGE = "@octokit/openapi@23"
MEMBER = "package/generated/api.github.com.json"

# Keywords that say nothing about what is valid; and those whose values are schemas by name.
_PROSE = ("description", "example", "examples", "title", "default", "deprecated", "discriminator")
_NAMED = ("properties", "patternProperties")


class Trimmer:
    """Keeps of the whole description some operations, and the schemas they reach."""

    def __init__(self, whole: Json) -> None:
        self._whole = whole
        self._schemas: Json = {}

    def trim(self, wanted: list[tuple[str, str]]) -> Json:
        """Raises KeyError for an operation that GitHub does not describe."""
        operations = {
            key(method, template): self._operation(self._whole["paths"][template], method)
            for method, template in wanted
        }
        version = self._whole["info"]["version"]
        return {"version": version, "operations": operations, "schemas": self._schemas}

    def _operation(self, path: Json, method: str) -> Json:
        operation = path[method.lower()]
        parameters = [
            self._resolve(each)
            for each in path.get("parameters", []) + operation.get("parameters", [])
        ]
        body = operation.get("requestBody", {})
        return {
            "parameters": [
                {"name": each["name"], "in": each["in"], "schema": self.schema(each["schema"])}
                for each in parameters
            ],
            "body": self._content(body) if body else None,
            "body_required": body.get("required", False),
            "answers": {
                status: self._content(self._resolve(answer))
                for status, answer in operation["responses"].items()
            },
        }

    def _content(self, message: Json) -> Json | None:
        media = message.get("content", {}).get("application/json")
        return self.schema(media["schema"]) if media else None

    def _resolve(self, node: Json) -> Json:
        while "$ref" in node:
            target: Any = self._whole
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def schema(self, node: Any) -> Any:
        """OpenAPI 3.0's schema as JSON Schema: `nullable` becomes the type null."""
        if isinstance(node, list):
            return [self.schema(each) for each in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return {"$ref": self._reach(node["$ref"])}
        kept = {
            key: self._named(value) if key in _NAMED else self.schema(value)
            for key, value in node.items()
            if key not in (*_PROSE, "nullable") and not key.startswith("x-")
        }
        return _or_null(kept) if node.get("nullable") else kept

    def _named(self, schemas: Json) -> Json:
        return {name: self.schema(each) for name, each in schemas.items()}

    def _reach(self, reference: str) -> str:
        name = reference.removeprefix("#/components/schemas/")
        if name not in self._schemas:
            self._schemas[name] = {}  # a schema may reach itself
            self._schemas[name] = self.schema(self._whole["components"]["schemas"][name])
        return SCHEMAS + name


def _or_null(schema: Json) -> Json:
    if "type" not in schema or schema.keys() & {"allOf", "anyOf", "oneOf"}:
        return {"anyOf": [schema, {"type": "null"}]}
    listed = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | {"type": [schema["type"], "null"]} | listed


def fetch() -> None:
    """Raises OSError, `subprocess.CalledProcessError` when npm cannot."""
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", folder]
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
        (packed,) = Path(folder).glob("*.tgz")
        with tarfile.open(packed) as tar:
            member = tar.extractfile(MEMBER)
            assert member, MEMBER
            whole = json.load(member)
    trimmed = Trimmer(whole).trim(wanted())
    CACHED.parent.mkdir(exist_ok=True)
    draft = CACHED.with_suffix(".draft")
    draft.write_text(json.dumps(trimmed, separators=(",", ":")))
    draft.replace(CACHED)


if __name__ == "__main__" and load() is None:
    print("Vigie: fetching GitHub's description of its API…")
    try:
        fetch()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"Vigie: {MISSING}\n{error}", file=sys.stderr)
