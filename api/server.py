"""The process's HTTP server: uvicorn, which lets go of open streams before it waits for what is being answered."""

import gc
import socket

import uvicorn
from starlette.types import ASGIApp

from api.deadline import within
from api.keeper import Keeper
from api.settings import Settings


def config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves an application here."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=within(settings.request_seconds),
        ws="none",
        limit_concurrency=settings.connections,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


class Server(uvicorn.Server):
    """A server over a keeper's ledgers."""

    def __init__(self, config: uvicorn.Config, keeper: Keeper) -> None:
        super().__init__(config)
        self._keeper = keeper

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin. What was made until now stays: the collector of garbage need not look at it again and again, which took a
        quarter of the time of a submission.
        """
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: streams first, for they would never end by themselves."""
        for kept in self._keeper.kept.values():
            await kept.end()
        await super().shutdown(sockets)
