"""The application: routes, refusals, and what stands before every request.

``create_app(keeper, settings)`` is all that ``mingzhang serve`` and the tests need.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from api import describing, pages, problems, routes
from api.guards import Guards
from api.guesses import Guesses
from api.keeper import Keeper
from api.metrics import Metrics
from api.pages import refusals
from api.problems import Problem
from api.rendering import Rendering
from api.routes import export, submissions
from api.sessions import Sessions
from api.settings import Settings
from api.shortcut import Shortcut
from api.streams import Streams
from api.telling import Telling, carriers_of, sending
from api.uploads import Uploads
from api.watching import Routed, Watch
from ledger.store.store import system_clock

ROUTERS: Final = (*pages.ROUTERS, *routes.ROUTERS)
"""Every route; the last takes any path below a log's prefix."""

DESCRIPTION: Final = """
The books of communities that own money together. Everything here that hangs on the noticeboard may be read by anybody;
lists go on by `next`; what cannot change is cached for ever; refusals are problem details (RFC 9457) whose `rule` is stable.
Writing is handing in signed records (`docs/format.md`).
"""


def create_app(keeper: Keeper, settings: Settings, clock: Callable[[], int] = system_clock) -> FastAPI:
    """The application over these ledgers."""

    archives = export.Archives()
    telling = Telling(tuple(keeper.kept.values()), carriers_of(settings), settings, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with keeper.running(), sending(telling):
            yield
        archives.close()

    app = FastAPI(
        title="Mingzhang 明账",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.state.keeper, app.state.settings, app.state.clock = keeper, settings, clock
    app.state.metrics = Metrics()
    app.state.guesses = Guesses(clock)
    app.state.uploads = Uploads(settings.documents, clock)
    app.state.sessions = Sessions(settings.site, settings.session_minutes, clock)
    app.state.archives = archives
    app.state.rendering, app.state.streams = Rendering(), Streams(settings.streams, settings.streams_each)
    problems.install(app, refusals.answer)
    app.router.routes.insert(
        0, Shortcut([one for router in ROUTERS for one in router.routes if isinstance(one, Route)])
    )
    for router in ROUTERS:
        app.include_router(router)
    # The last one added stands outermost.
    app.add_middleware(problems.Faults, pages=refusals.answer)
    app.add_middleware(Routed)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=6)
    app.add_middleware(Guards, settings=settings)
    app.add_middleware(Watch, settings=settings, metrics=app.state.metrics)
    _complete(app)
    return app


def _complete(app: FastAPI) -> None:
    """Put into the description what routes refer to by name."""
    plain = app.openapi

    def whole() -> dict[str, Any]:
        if app.openapi_schema is None:
            described: dict[str, Any] = plain()
            schemas: dict[str, Any] = described.setdefault("components", {}).setdefault("schemas", {})
            for model in (Problem, submissions.SubmissionBody):
                schemas.setdefault(model.__name__, model.model_json_schema(ref_template="#/components/schemas/{model}"))
            describing.complete(described)
            app.openapi_schema = described
        return app.openapi_schema

    app.openapi = whole  # type: ignore[method-assign]  # FastAPI's documented way to extend the description


def operations() -> Mapping[tuple[str, str], str]:
    """(method, path) -> row of the access table, empty where a route has none; for the test that walks them."""
    found = {}
    for route in (route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)):
        rows = [str(getattr(one.call, "operation", "")) for one in route.dependant.dependencies]
        for method in route.methods or ():
            found[method, route.path] = "".join(rows)
    return found
