"""Calls of many requests done together by one thread: while a group is being done, the next one gathers.

Nobody waits for company: a call that comes alone is done at once. What is done has a thread of its own, so that many who
read cannot keep those who write from one; and a fault of ours that one call meets is not everybody's: each of its group is then
done again alone, so ``work`` must be such that this changes nothing.

>>> def doubled(asked):
...     return [2 * number for number in asked]
>>> async def three():
...     together = Together(doubled, lambda _number: 1, 100)
...     return await asyncio.gather(*map(together.ask, (1, 2, 3)))
>>> asyncio.run(three())
[2, 4, 6]
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from anyio import CapacityLimiter, to_thread

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class Together(Generic[Asked, Given]):
    """``work`` gives for each of what is asked an answer or an error; a group weighs at most ``most``, or is one call."""

    def __init__(
        self, work: Callable[[Sequence[Asked]], Sequence[Given | Exception]], weight: Callable[[Asked], int], most: int
    ) -> None:
        self._work = work
        self._weight = weight
        self._most = most
        self._waiting: deque[tuple[Asked, asyncio.Future[Given]]] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """Calls that nobody has taken up yet."""
        return len(self._waiting)

    async def ask(self, one: Asked) -> Given:
        """The answer. Raises the error given for it, or what ``work`` raised."""
        found: asyncio.Future[Given] = asyncio.get_running_loop().create_future()
        self._waiting.append((one, found))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await found

    async def end(self) -> None:
        """Wait for all that was asked, so that what it is asked of may be closed."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        thread = CapacityLimiter(1)
        while self._waiting:
            group = self._next_group()
            answers = await self._answers([one for one, _ in group], thread)
            for (_, found), answer in zip(group, answers, strict=True):
                if found.done():  # whoever asked has gone
                    continue
                if isinstance(answer, BaseException):
                    found.set_exception(answer)
                else:
                    found.set_result(answer)

    def _next_group(self) -> list[tuple[Asked, "asyncio.Future[Given]"]]:
        group = [self._waiting.popleft()]
        weight = self._weight(group[0][0])
        while self._waiting and (weight := weight + self._weight(self._waiting[0][0])) <= self._most:
            group.append(self._waiting.popleft())
        return group

    async def _answers(self, group: list[Asked], thread: CapacityLimiter) -> Sequence[Given | BaseException]:
        done = to_thread.run_sync(self._work, group, limiter=thread)
        (answers,) = await asyncio.gather(done, return_exceptions=True)
        if not isinstance(answers, BaseException):
            return answers
        if len(group) == 1:
            return [answers]
        return [(await self._answers([one], thread))[0] for one in group]
