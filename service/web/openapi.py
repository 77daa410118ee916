"""The OpenAPI document: what FastAPI finds, and the problems that every route may answer with."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import compile_path

from service.web.problems import ProblemDetailsJson
from service.web.shapes.documents import RefusedJson

_REFERENCE: Final = "#/components/schemas/{model}"


def install(app: FastAPI) -> None:
    """Let ``app`` describe itself, once it is asked, with all its problems."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                separate_input_output_schemas=False,  # records say nothing of themselves in writing: what is empty is left out by hand
            )
            schemas = made["components"]["schemas"]
            for model in (ProblemDetailsJson, RefusedJson):
                schema = model.model_json_schema(ref_template=_REFERENCE)
                schemas |= schema.pop("$defs", {}) | {model.__name__: schema}
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def methods_at(app: FastAPI, path: str) -> list[str]:
    """The methods that the address ``path`` knows, by what `install` has described."""
    described: dict[str, dict[str, object]] = app.openapi()["paths"]
    found = (operations for template, operations in described.items() if compile_path(template)[0].match(path))
    return sorted({method.upper() for operations in found for method in operations})
