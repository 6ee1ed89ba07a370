"""What an editor offers: keys with their explanations, words, conditions, and whole checks to fill in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from cvnpolicy.app.schema import schema
from cvnpolicy.core.finding import Severity
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.kinds import KINDS
from cvnpolicy.load.document import load_document
from cvnpolicy.load.parse import parse
from tests.support.drafts import CURSOR, POLICY, changed, shown
from tests.support.language_server import Completion, LanguageServer, Place

CHECK = schema("policy")["$defs"]["Check"]["properties"]
MEASURE = schema("policy")["$defs"]["Measure"]["properties"]
METADATA = schema("policy")["$defs"]["Metadata"]["properties"]


@pytest.fixture
def offered(server: LanguageServer, workspace: Path):
    def found(text: str) -> dict[str, Completion]:
        uri, place = shown(server, workspace, text)
        offers = server.completions(uri, place)
        assert len({offer.label for offer in offers}) == len(offers), "something is offered twice"
        return {offer.label: offer for offer in offers}

    return found


def keys(offers: dict[str, Completion], known: dict[str, object]) -> set[str]:
    return set(offers) & set(known)


def test_in_a_check_its_keys_are_offered_but_those_that_are_there(offered) -> None:
    offers = offered(POLICY + f"      {CURSOR}")
    assert set(offers) == set(CHECK) - {"id", "measure", "warn_if", "severity"}


def test_every_key_of_a_check_is_explained(offered) -> None:
    offers = offered(POLICY + f"      {CURSOR}")
    assert {key: offer.said for key, offer in offers.items()} == {
        key: CHECK[key]["description"] for key in offers if key in CHECK
    }


def test_what_is_typed_already_does_not_hide_the_rest(offered) -> None:
    assert "requirement" in offered(POLICY + f"      requ{CURSOR}")


def test_between_the_keys_of_a_measure(offered) -> None:
    offers = offered(changed("        window: 14d", f"        {CURSOR}\n        window: 14d"))
    assert set(offers) == set(MEASURE) - {"statistic", "dataset", "columns", "window"}


def test_in_metadata(offered) -> None:
    offers = offered(f"apiVersion: cvnpolicy/v1\nkind: DriftPolicy\nmetadata:\n  title: Drift\n  {CURSOR}")
    assert keys(offers, METADATA) == set(METADATA) - {"title"}
    assert offers["owner"].written == 'owner: ${1:"@dococeven"}'


def test_the_kind_decides_what_a_spec_offers(offered) -> None:
    text = f"apiVersion: cvnpolicy/v1\nkind: DriftPolicy\nspec:\n  {CURSOR}"
    assert {"checks", "baselines", "facts"} <= set(offered(text))
    assert "metrics" in offered(text.replace("Drift", "Metric"))
    assert "metrics" not in offered(text)


def test_statistics_with_what_they_are(offered) -> None:
    offers = offered(changed("statistic: mean", f"statistic: {CURSOR}"))
    assert set(offers) == set(STATISTICS)
    assert offers["psi"].said == "PSI of `column`."
    assert offers["p95"].said == "95th percentile of `column`."


def test_kinds_with_what_they_are(offered) -> None:
    offers = offered(changed("kind: DriftPolicy", f"kind: {CURSOR}"))
    assert set(offers) == set(KINDS)
    assert {kind: offer.said for kind, offer in offers.items()} == {kind: schema(kind)["description"] for kind in KINDS}


def test_severities(offered) -> None:
    assert list(offered(changed("severity: P2", f"severity: {CURSOR}"))) == list(Severity)


def test_conditions_are_offered_in_quotes(offered) -> None:
    offers = offered(changed('warn_if: "> 0.1"', f"warn_if: {CURSOR}"))
    assert set(offers) == {'"< 0.01"', '">= 50"', '"> 2 * baseline"', '"within 1% of champion"', "unset"}
    assert {offer.written for offer in offers.values()} == set(offers)


def test_the_keys_of_a_tree(offered) -> None:
    offers = offered(changed('"> 0.1"', f"\n        all:\n          - {CURSOR}"))
    assert {"all", "any", "not", "check", "fact"} <= set(offers)


def test_a_number_is_offered_that_is_valid(offered) -> None:
    offers = offered(POLICY + f"      {CURSOR}")
    assert (offers["min_samples"].written, offers["min_coverage"].written) == ("min_samples: 1", "min_coverage: 1")


def test_the_skeleton_of_a_document(offered) -> None:
    offer = offered(CURSOR)["cvnpolicy policy"]
    assert offer.snippet
    assert re.sub(r"\$\d", "", offer.written) == (
        "apiVersion: cvnpolicy/v1\nkind: \nmetadata:\n  name: \n  title: \n  owner: \nspec:\n  "
    )


def test_required_keys_come_with_a_mapping(offered) -> None:
    offers = offered(changed("      measure:\n", f"      {CURSOR}\n      mesure:\n"))
    assert offers["measure"].written == "measure:\n  statistic: $1\n  window: $2"


FORMS = ["check of a dataset", "check of an event", "check of a metric", "check of other checks"]


def filled(offer: Completion, lead: str) -> str:
    """What stands in the file when every place of an offer is left as it is proposed."""
    assert offer.snippet
    text = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", offer.written)
    assert "$" not in text
    return ("\n" + lead).join(text.split("\n"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("text", "lead"),
    [(POLICY + "    - ¦\n", "    "), (changed("    - id: mean", "    - ¦\n    - id: mean"), "    "),
     (POLICY.partition("    - id")[0].rstrip() + " ¦\n", "  "),
     (POLICY.partition("    - id")[0] + "    ¦\n", "    ")],
    ids=["last", "first", "behind-the-key", "below-the-key"],
)  # fmt: skip
def test_a_whole_check_to_fill_in(offered, form: str, text: str, lead: str) -> None:
    whole = text.replace(CURSOR, filled(offered(text)[form], lead))
    parsed = parse(whole.encode(), "draft.yaml")
    assert parsed.problems == ()
    assert [str(problem) for problem in load_document(parsed.documents[0]).problems] == []
    checks = yaml.safe_load(whole)["spec"]["checks"]
    assert "name" in {check["id"] for check in checks}


def test_whole_checks_are_explained(offered) -> None:
    offers = offered(POLICY + f"    - {CURSOR}\n")
    assert set(FORMS) <= set(offers)
    assert all(offers[form].said for form in FORMS)


def test_the_configuration(server: LanguageServer, workspace: Path) -> None:
    lines = ["environments:", "  default:", "    events:", "      type: "]
    uri = server.open(workspace / "cvnpolicy.yaml", "\n".join(lines))
    offers = server.completions(uri, Place(len(lines) - 1, len(lines[-1])))
    assert {offer.label for offer in offers} == {"parquet", "csv", "jsonl", "logfmt", "yaml", "recorded"}


def test_an_environment_may_be_like_another(server: LanguageServer, workspace: Path) -> None:
    lines = ["environments:", "  default: {}", "  quiet:", "    "]
    uri = server.open(workspace / "a" / "cvnpolicy.yaml", "\n".join(lines))
    offers = {offer.label: offer for offer in server.completions(uri, Place(len(lines) - 1, len(lines[-1])))}
    assert set(offers) - {"property"} == {"like"}  # the other is any name
    assert "The environment whose bindings it has." in offers["like"].said
    lines[-1:] = ["    like: default", "    "]
    uri = server.open(workspace / "b" / "cvnpolicy.yaml", "\n".join(lines))
    offers = {offer.label: offer for offer in server.completions(uri, Place(len(lines) - 1, len(lines[-1])))}
    assert set(offers) == {"data_root"}
