"""The process's HTTP server: uvicorn, which lets go of open streams before it waits for what is being answered."""

import socket

import uvicorn

from api.keeper import Keeper


class Server(uvicorn.Server):
    """A server over a keeper's ledgers."""

    def __init__(self, config: uvicorn.Config, keeper: Keeper) -> None:
        super().__init__(config)
        self._keeper = keeper

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: streams first, for they would never end by themselves."""
        for kept in self._keeper.kept.values():
            await kept.end()
        await super().shutdown(sockets)
