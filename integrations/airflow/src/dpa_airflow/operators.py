"""The operators: a task is a run in Temporal, which it starts, or finds again, and then awaits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any, Literal

from airflow.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from airflow.sdk import BaseOperator, Context

from dpa_airflow.ids import run_id
from dpa_airflow.outcomes import Ending, ending_of
from dpa_airflow.runs import TASK_QUEUE, Request, Service, end_run, outcome_of, start_or_attach
from dpa_airflow.triggers import DpaRunTrigger

WhenKilled = Literal["leave", "stop", "cancel"]


class DpaOperator(BaseOperator):
    """What both have in common: the id, waiting, and what the end means.

    :param deferrable: wait in the triggerer, with the worker slot free; else in the worker.
    :param when_killed: what becomes of the run when somebody ends the task: it goes on (`leave`), tells what it found so
        far (`stop`), or is cancelled (`cancel`).
    :param allowed_exit_codes: exit codes of `dpa` that count as success.
    :param address: of Temporal, `HOST:PORT`; with `namespace` and `profile` instead of the `TEMPORAL_*` variables.
    """

    template_fields: Sequence[str] = ("address", "namespace")
    workflow = ""

    def __init__(
        self,
        *,
        deferrable: bool = True,
        when_killed: WhenKilled = "leave",
        allowed_exit_codes: Sequence[int] = (0,),
        address: str | None = None,
        namespace: str | None = None,
        profile: str | None = None,
        task_queue: str = TASK_QUEUE,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if when_killed not in ("leave", "stop", "cancel"):
            raise ValueError(f"Expected when_killed to be leave, stop or cancel, found {when_killed!r}.")
        self.deferrable = deferrable
        self.when_killed = when_killed
        self.allowed_exit_codes = allowed_exit_codes
        self.address = address
        self.namespace = namespace
        self.profile = profile
        self.task_queue = task_queue
        self._running: str | None = None

    def run_input(self, context: Context) -> dict[str, Any]:
        """The workflow's input."""
        raise NotImplementedError

    def summary(self) -> str:
        """One line for the Temporal UI."""
        raise NotImplementedError

    def execute(self, context: Context) -> Any:
        ti = context["ti"]
        task = {"dag_id": ti.dag_id, "run_id": ti.run_id, "task_id": ti.task_id, "map_index": ti.map_index}
        request = Request(
            id=run_id(ti.dag_id, ti.run_id, ti.task_id, -1 if ti.map_index is None else ti.map_index),
            workflow=self.workflow,
            input=self.run_input(context),
            summary=self.summary(),
            task_queue=self.task_queue,
            # Clearing a task grants it new tries beyond those it was written with.
            generation=max(0, ti.max_tries - (self.retries or 0)),
            memo={"dag": ti.dag_id, "dagRun": ti.run_id, "task": ti.task_id},
        )
        self._running = request.id
        started = asyncio.run(self._start(request))
        self.log.info("%s %s, Temporal run %s", self.workflow, request.id, started)
        if not self.deferrable:
            return self._finish(context, asyncio.run(self._await(request.id, started)))
        self.defer(
            trigger=DpaRunTrigger(request.id, started, self._service().to_dict(), self.when_killed, task),
            method_name="execute_complete",
            timeout=self.execution_timeout,
        )

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        return self._finish(context, event)

    def on_kill(self) -> None:
        """While it is the worker that waits; a task that is deferred is ended by its trigger."""
        running, how = self._running, self.when_killed
        if running is None or how == "leave":
            return

        async def end() -> None:
            await end_run(await self._service().connect(), running, how, "the Airflow task was ended")

        # The event loop of this thread is the one that was interrupted.
        thread = threading.Thread(target=lambda: asyncio.run(end()))
        thread.start()
        thread.join()

    def _service(self) -> Service:
        return Service(self.address, self.namespace, self.profile)

    async def _start(self, request: Request) -> str:
        return await start_or_attach(await self._service().connect(), request)

    async def _await(self, workflow_id: str, started: str) -> dict[str, Any]:
        return await outcome_of(await self._service().connect(), workflow_id, started)

    def _finish(self, context: Context, event: dict[str, Any]) -> Any:
        ending: Ending = ending_of(event, tuple(self.allowed_exit_codes))
        if ending.kind == "success":
            self.log.info("%s", ending.message)
            return ending.document
        # A task that fails returns nothing, and its document is wanted all the more.
        if ending.document is not None:
            context["ti"].xcom_push(key="return_value", value=ending.document)
        if ending.kind == "skipped":
            raise AirflowSkipException(ending.message)
        if ending.kind == "failed":
            raise AirflowFailException(ending.message)
        raise AirflowException(ending.message)


class DpaQualityOperator(DpaOperator):
    """Checks data against contracts. Paths are the worker's of `dpa`, not Airflow's.

    :param suite: contracts as files, folders or patterns, or one suite file.
    :param data: files, folders, patterns, or `TABLE=PATH`; `{date}` and the like are of the interval.
    :param suite_name: the name under which the history is kept; without it, as the files say.
    :param interval: the day or moment the data is of; without it, the logical date's day; an empty text is today.
    :param folder: where relative paths begin; without it, the folder in which the worker was started.
    """

    template_fields: Sequence[str] = ("suite", "data", "suite_name", "interval", "folder", "output_folder", *DpaOperator.template_fields)
    workflow = "qualityRunWorkflow"

    def __init__(
        self,
        *,
        suite: str | Sequence[str],
        data: str | Sequence[str] = (),
        suite_name: str | None = None,
        interval: str | None = None,
        folder: str | None = None,
        formats: Sequence[str] | None = None,
        output_folder: str | None = None,
        warnings_as_errors: bool = False,
        alert: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.suite = suite
        self.data = data
        self.suite_name = suite_name
        self.interval = interval
        self.folder = folder
        self.formats = formats
        self.output_folder = output_folder
        self.warnings_as_errors = warnings_as_errors
        self.alert = alert

    def run_input(self, context: Context) -> dict[str, Any]:
        suite = {"files": _words(self.suite), "data": _words(self.data), "name": self.suite_name, "folder": self.folder}
        # The day of the logical date, where the run has one.
        interval = self.interval if self.interval is not None else context.get("ds")
        optional = {
            "interval": interval or None,
            "formats": None if self.formats is None else list(self.formats),
            "outputFolder": self.output_folder,
        }
        return {
            "suite": _known(suite),
            **_known(optional),
            "warningsAsErrors": self.warnings_as_errors,
            "alert": self.alert,
            "inlineResult": True,
        }

    def summary(self) -> str:
        return f"quality of {self.suite_name or ', '.join(_words(self.suite))}"


class DpaAnalysisOperator(DpaOperator):
    """Has a question answered from data, by a report in which every number leads back to its query.

    :param question: the task in words.
    :param data: files, folders or patterns, as the worker of `dpa` sees them; without any, what its tool servers may read.
    :param model: `provider/id`, `builtin`, or `auto`: the best that the worker has.
    :param unattended: nobody is asked, and what would be asked is denied; else decisions are waited for (`dpa approvals`).
    """

    template_fields: Sequence[str] = ("question", "data", "model", *DpaOperator.template_fields)
    workflow = "analysisWorkflow"

    def __init__(
        self,
        *,
        question: str,
        data: str | Sequence[str] = (),
        model: str = "auto",
        max_steps: int = 100,
        budget_usd: float | None = None,
        timeout_seconds: float | None = None,
        read_only: bool = False,
        unattended: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.question = question
        self.data = data
        self.model = model
        self.max_steps = max_steps
        self.budget_usd = budget_usd
        self.timeout_seconds = timeout_seconds
        self.read_only = read_only
        self.unattended = unattended

    def run_input(self, context: Context) -> dict[str, Any]:
        timeout_ms = None if self.timeout_seconds is None else round(self.timeout_seconds * 1000)
        return {
            "task": self.question,
            "data": _words(self.data),
            "model": self.model,
            "maxSteps": self.max_steps,
            "limits": _known({"usd": self.budget_usd, "timeoutMs": timeout_ms}),
            "approvals": _known({"unattended": self.unattended or None, "readOnly": self.read_only or None}),
            "searchAttributes": False,
        }

    def summary(self) -> str:
        return self.question[:200]


def _words(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
