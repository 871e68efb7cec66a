"""What the end of a run means for its task: success, skipped, failed for good, or worth another try."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

MAX_SHOWN = 20
"""Checks in the message of a failed task; the document has them all."""

MAX_REASON_CHARACTERS = 160

MEANINGS = {
    1: "a check failed",
    2: "there are warnings, and they count as errors",
    3: "something could not be evaluated",
    4: "results were made, but reports or alerts were not delivered",
    5: "a person stopped it",
    6: "an approval was refused, or nobody gave it in time",
    7: "a budget or limit was reached",
}
"""Exit codes of `dpa`."""


@dataclass(frozen=True)
class Ending:
    kind: Literal["success", "skipped", "failed", "retry"]
    message: str
    document: dict[str, Any] | None = None
    """The result document, for XCom."""


def ending_of(event: dict[str, Any], allowed: tuple[int, ...] = (0,)) -> Ending:
    """`event` is what the trigger gave; `allowed` are exit codes that count as success."""
    if event["kind"] == "failed":
        message = f"The run failed ({event['type']}): {event['message']}"
        # Settings do not mend themselves, and whoever ended it meant it.
        is_final = event["type"].startswith("Config.") or event["type"] in ("Cancelled", "Terminated")
        return Ending("failed" if is_final else "retry", message)
    outcome: dict[str, Any] = event["outcome"]
    code = int(outcome.get("exitCode", 0))
    document = document_of(outcome)
    headline = str(outcome.get("headline", ""))
    if code == 0 and outcome.get("rows") == 0:
        return Ending("skipped", f"{headline}. There was nothing to look at.", document)
    if code in allowed:
        return Ending("success", headline, document)
    meaning = MEANINGS.get(code, f"exit code {code}")
    message = "\n".join([f"{headline} ({code}: {meaning})", *failing_checks(document)])
    return Ending("retry" if code == 3 else "failed", message, document)


def document_of(outcome: dict[str, Any]) -> dict[str, Any]:
    """The document that came with the outcome; where it was too large, the outcome itself, which says where it is."""
    text = outcome.get("result") if str(outcome.get("result", "")).startswith("{") else outcome.get("document")
    if isinstance(text, str) and text.startswith("{"):
        parsed = json.loads(text)
        if isinstance(parsed, dict):
            return {**parsed, "exitCode": outcome.get("exitCode", 0)}
    return outcome


def failing_checks(document: dict[str, Any]) -> list[str]:
    """A table of what is broken, for the log and the message."""
    broken = [check for check in document.get("checks", []) if check.get("verdict") in ("failed", "error", "warning")]
    rows = [
        [
            str(check.get("verdict", "")),
            ".".join(str(part) for part in (check.get("model"), check.get("field")) if part),
            str(check.get("name", "")),
            str(check.get("reason", "")).replace("\n", " ")[:MAX_REASON_CHARACTERS],
        ]
        for check in broken[:MAX_SHOWN]
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)] if rows else []
    lines = ["  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[3]]) for row in rows]
    return lines if len(broken) <= MAX_SHOWN else [*lines, f"and {len(broken) - MAX_SHOWN} more"]
