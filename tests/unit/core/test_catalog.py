from __future__ import annotations

import pytest

from cvnpolicy.core.catalog import Catalog, EventEntry

HOUR = 3_600_000_000


@pytest.fixture
def catalog() -> Catalog:
    events = [
        EventEntry("beats", "events", {"model": "str"}, heartbeat_us=HOUR),
        EventEntry("follows", "events", {"model": "str", "key": "str"}, alive_with="beats"),
        EventEntry("silent", "events", {}),
    ]
    return Catalog({event.name: event for event in events})


def test_an_event_with_a_heartbeat_vouches_for_itself(catalog):
    assert catalog.heartbeat("beats") is catalog.events["beats"]


def test_another_event_can_vouch_for_it(catalog):
    assert catalog.heartbeat("follows") is catalog.events["beats"]


def test_nothing_vouches_for_an_event_without_either(catalog):
    assert catalog.heartbeat("silent") is None


def test_a_catalog_starts_empty_and_does_not_share_its_parts():
    assert Catalog().events == {}
    assert Catalog().sets is not Catalog().sets
