"""Reads OpenLineage events, a line each, strictly into the classes openlineage-python generates from the published schemas."""
import json
import sys
import types
import typing

import attr
from openlineage.client.generated import (
    base,
    data_quality_assertions_dataset,
    data_quality_metrics_input_dataset,
    error_message_run,
    job_type_job,
    nominal_time_run,
    schema_dataset,
)

FACETS = {
    "errorMessage": error_message_run.ErrorMessageRunFacet,
    "nominalTime": nominal_time_run.NominalTimeRunFacet,
    "jobType": job_type_job.JobTypeJobFacet,
    "schema": schema_dataset.SchemaDatasetFacet,
    "dataQualityMetrics": data_quality_metrics_input_dataset.DataQualityMetricsInputDatasetFacet,
    "dataQualityAssertions": data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet,
}
SET_BY_ITSELF = {"schemaURL", "_schemaURL"}


def read(kind, value, path):
    """The value as `kind`; a key it has not, one that is missing, or a value of another type ends the program."""
    origin = typing.get_origin(kind)
    if kind is typing.Any:
        return value
    if origin in (typing.Union, types.UnionType):
        kinds = [one for one in typing.get_args(kind) if one is not type(None)]
        return None if value is None else read(kinds[0], value, path)
    if origin is list:
        return [read(typing.get_args(kind)[0], one, f"{path}[{at}]") for at, one in enumerate(value)]
    if origin is dict:
        wanted = typing.get_args(kind)[1]
        is_facet = isinstance(wanted, type) and issubclass(wanted, base.BaseFacet)
        return {key: read(FACETS[key] if is_facet else wanted, one, f"{path}.{key}") for key, one in value.items()}
    if isinstance(kind, type) and issubclass(kind, base.EventType):
        return kind(value)
    if attr.has(kind):
        return instance(kind, value, path)
    wanted = (int, float) if kind is float else kind
    if not isinstance(value, wanted) or (isinstance(value, bool) and kind is not bool):
        sys.exit(f"{path}: expected {kind}, found {value!r}")
    return value


def instance(kind, value, path):
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in attr.fields(kind)}
    unknown = set(value) - set(fields)
    if unknown:
        sys.exit(f"{path}: {kind.__name__} has no {sorted(unknown)}")
    given = {fields[key].alias: read(hints[key], one, f"{path}.{key}") for key, one in value.items() if key not in SET_BY_ITSELF}
    made = kind(**given)
    for key in SET_BY_ITSELF & set(value):
        if getattr(made, key) != value[key]:
            sys.exit(f"{path}.{key}: expected {getattr(made, key)}, found {value[key]}")
    missing = [key for key in SET_BY_ITSELF & set(fields) if key not in value]
    if missing:
        sys.exit(f"{path}: expected {missing}, found none")
    return made


with open(sys.argv[1], encoding="utf-8") as lines:
    for number, line in enumerate(lines):
        read(base.RunEvent, json.loads(line), f"event {number}")
