"""Reads test results with datacontract-cli's own model and says what it made of them: python read-test-results.py FILE."""
import json
import sys

from datacontract.model.run import Check, Run

with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
run = Run.model_validate_json(text)
found = run.result
run.calculate_result()
print(json.dumps({
    "fields": sorted(name for name, field in Run.model_fields.items() if not field.exclude),
    "checkFields": sorted(Check.model_fields),
    "result": found.value,
    "calculated": run.result.value,
    "checks": [json.loads(check.model_dump_json()) for check in run.checks],
}))
