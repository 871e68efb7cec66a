"""Awaits a run in the triggerer, where thousands of waiting tasks cost no worker slot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent
from asgiref.sync import sync_to_async
from temporalio.service import RPCError, RPCStatusCode

from dpa_airflow.runs import Service, end_run, outcome_of

SECONDS_BETWEEN_TRIES = 5.0
"""A service that is away is waited for: the run goes on when it is back."""

KILLED = {"failed", "success", "skipped", "removed"}
"""States into which a person puts a task that waits. One that was cleared, or whose time was up, comes back to its run."""


class DpaRunTrigger(BaseTrigger):
    """Fires once, with what `runs.outcome_of` gives."""

    def __init__(
        self,
        workflow_id: str,
        run_id: str,
        service: dict[str, str | None],
        when_killed: str = "leave",
        task: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.workflow_id = workflow_id
        self.run_id = run_id
        self.service = service
        self.when_killed = when_killed
        self.task = task or {}

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return (
            "dpa_airflow.triggers.DpaRunTrigger",
            {
                "workflow_id": self.workflow_id,
                "run_id": self.run_id,
                "service": self.service,
                "when_killed": self.when_killed,
                "task": self.task,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        try:
            yield TriggerEvent(await self._end())  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            # A triggerer that stops cancels its triggers too: then the task still waits, and another one takes over.
            if self.when_killed != "leave" and await self._is_killed():
                client = await Service(**self.service).connect()
                await end_run(client, self.workflow_id, self.when_killed, "the Airflow task was ended")
                self.log.info("%s: %s, since the task was ended", self.workflow_id, self.when_killed)
            raise

    async def _end(self) -> dict[str, Any]:
        while True:
            try:
                client = await Service(**self.service).connect()
                return await outcome_of(client, self.workflow_id, self.run_id)
            except RPCError as error:
                if error.status == RPCStatusCode.NOT_FOUND:
                    return {"kind": "failed", "type": "NotFound", "message": f"Temporal knows no run {self.workflow_id}."}
                self.log.warning("Temporal is away, the run is waited for: %s", error)
            except (RuntimeError, OSError) as error:
                self.log.warning("Temporal cannot be reached, the run is waited for: %s", error)
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)

    async def _is_killed(self) -> bool:
        from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

        states = await sync_to_async(RuntimeTaskInstance.get_task_states)(
            dag_id=self.task["dag_id"],
            task_ids=[self.task["task_id"]],
            run_ids=[self.task["run_id"]],
            map_index=self.task["map_index"],
        )
        # One state: a mapped task has its index behind its name.
        found = list(states.get(self.task["run_id"], {}).values())
        return len(found) == 1 and str(found[0]) in KILLED
