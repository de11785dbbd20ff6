"""What the server does beside answering: it runs while a block runs, and has really ended when the block has."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from anyio import CancelScope


@asynccontextmanager
async def beside(run: Callable[[], Awaitable[None]]) -> AsyncIterator[asyncio.Task[None]]:
    """Run until the block ends. Work that is in a thread by then is waited for: a store may be closed after this.

    Cancelling the task itself would leave the thread at work behind it; only anyio's own scopes wait for anyio's threads.
    """
    scope = CancelScope()

    async def bounded() -> None:
        with scope:
            await run()

    task = asyncio.create_task(bounded())
    try:
        yield task
    finally:
        scope.cancel()
        await asyncio.gather(task, return_exceptions=True)
