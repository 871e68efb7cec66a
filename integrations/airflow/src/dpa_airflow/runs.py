"""Runs as Temporal knows them: started or found again by their id, awaited, ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.envconfig import ClientConfig
from temporalio.exceptions import (
    ApplicationError,
    CancelledError,
    TerminatedError,
    WorkflowAlreadyStartedError,
)

TASK_QUEUE = "data-processing-assistant"

NOT_EVALUATED = 3
"""Exit code of a run that gave no answer to its question: trying it again may."""


@dataclass(frozen=True)
class Service:
    """Where Temporal is. What is not named comes from `TEMPORAL_*` variables or a profile of `temporal.toml`, secrets always."""

    address: str | None = None
    namespace: str | None = None
    profile: str | None = None

    async def connect(self) -> Client:
        found = ClientConfig.load_client_connect_config(profile=self.profile)
        config: dict[str, Any] = {"target_host": "127.0.0.1:7233", **found}
        if self.address is not None:
            config["target_host"] = self.address
        if self.namespace is not None:
            config["namespace"] = self.namespace
        return await Client.connect(**config)

    def to_dict(self) -> dict[str, str | None]:
        return asdict(self)


@dataclass(frozen=True)
class Request:
    """One run that a task asks for."""

    id: str
    workflow: str
    input: Mapping[str, Any]
    summary: str
    task_queue: str = TASK_QUEUE
    generation: int = 0
    """How often the task was cleared, counted in tries: what ran before the last time is no answer any more."""
    memo: Mapping[str, str] = field(default_factory=dict)


async def start_or_attach(client: Client, request: Request) -> str:
    """Answers with the Temporal run id.

    A run that goes on is attached to. Of one that ended, the result is taken, unless the task was cleared since then or
    nothing could be evaluated. One that failed, was cancelled or killed is no reason not to run again.
    """
    try:
        return await _start(client, request, WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY)
    except WorkflowAlreadyStartedError:
        handle = client.get_workflow_handle(request.id)
        description = await handle.describe()
        if description.status is not WorkflowExecutionStatus.COMPLETED:
            return description.run_id
        generation = int(await description.memo_value("generation", 0))
        outcome = await handle.result()
        if generation >= request.generation and outcome.get("exitCode") != NOT_EVALUATED:
            return description.run_id
        return await _start(client, request, WorkflowIDReusePolicy.ALLOW_DUPLICATE)


async def _start(client: Client, request: Request, reuse: WorkflowIDReusePolicy) -> str:
    handle = await client.start_workflow(
        request.workflow,
        dict(request.input),
        id=request.id,
        task_queue=request.task_queue,
        id_reuse_policy=reuse,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        # A workflow task lost with its worker is handed out again after this.
        task_timeout=timedelta(seconds=3),
        static_summary=request.summary,
        memo={**request.memo, "generation": request.generation},
    )
    return handle.result_run_id or ""


async def outcome_of(client: Client, workflow_id: str, run_id: str) -> dict[str, Any]:
    """Awaits the end. `{"kind": "ended", "outcome": …}`, or `{"kind": "failed", "type": …, "message": …}`."""
    handle: WorkflowHandle[Any, Any] = client.get_workflow_handle(workflow_id, run_id=run_id or None)
    try:
        return {"kind": "ended", "outcome": await handle.result()}
    except WorkflowFailureError as error:
        return {"kind": "failed", **_failure_of(error)}


def _failure_of(error: BaseException) -> dict[str, str]:
    innermost: BaseException = error
    while innermost.__cause__ is not None:
        innermost = innermost.__cause__
    if isinstance(innermost, ApplicationError):
        return {"type": innermost.type or "Bug", "message": innermost.message}
    if isinstance(innermost, CancelledError | TerminatedError):
        kind = "Cancelled" if isinstance(innermost, CancelledError) else "Terminated"
        return {"type": kind, "message": f"The run was {kind.lower()} in Temporal."}
    return {"type": type(innermost).__name__, "message": str(innermost)}


async def end_run(client: Client, workflow_id: str, how: str, reason: str) -> None:
    """`stop` lets it tell what it found so far; `cancel` is Temporal's own."""
    handle = client.get_workflow_handle(workflow_id)
    if how == "stop":
        await handle.signal("stop", {"reason": reason, "by": "airflow"})
    elif how == "cancel":
        await handle.cancel()
