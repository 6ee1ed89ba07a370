"""The gate ``schemas``: editors check policies by what this version knows."""

from __future__ import annotations

from cvnpolicy.app.gates.gate import Answer, Asked, Gate, answered, not_asked
from cvnpolicy.report.wording import plural


def _ask(asked: Asked) -> Answer:
    place = asked.project.locate(("policies",))
    # Building a schema imports every kind: only where one is looked at.
    from cvnpolicy.app.schema_files import each_once, named, stale

    files = named(asked.project, asked.loaded.files)
    if not files:
        return not_asked("no policy names a JSON Schema of the repository for editors", place)
    change = asked.change
    if change is not None:
        top = asked.project.root
        changed = {str(top / one.path.removeprefix(change.below)) for one in change.files}
        if not any(str(path) in changed for one in files for path in (one.file, one.schema)):
            return not_asked("the change touches no JSON Schema, and no file that names one", place)
    findings = [stale(one, asked.project) for one in each_once(files)]
    return answered(
        asked, findings, place, f"{plural(len(findings), 'JSON Schema')} named by {plural(len(files), 'file')}"
    )


GATE = Gate("Are the JSON Schemas that editors use those of this version?", _ask)
