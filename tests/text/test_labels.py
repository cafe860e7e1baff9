"""The tables that word the codes of a record hold a key for every code, and only keys that there are."""

from collections.abc import Mapping

import pytest

from cowork.core.proposals import OUTCOME_KEYS, OUTCOME_KINDS
from cowork.text import keys, labels

TABLES = {name: table for name, table in vars(labels).items() if name.isupper() and isinstance(table, Mapping)}


@pytest.mark.parametrize("name", TABLES)
def test_every_label_is_a_key_of_the_catalogue(name):
    assert sorted(set(TABLES[name].values()) - keys()) == []


def test_every_ending_has_its_words():
    assert tuple(labels.OUTCOME_LABELS) == tuple(labels.OUTCOME_COUNTS) == tuple(OUTCOME_KEYS) == OUTCOME_KINDS


def test_what_is_printed_is_worded_for_the_same_codes_in_the_same_order():
    assert list(labels.PRINTED_STEP_LABELS) == list(labels.STEP_LABELS)
    assert list(labels.PRINTED_GAP_SENTENCES) == list(labels.GAP_SENTENCES)


def test_what_a_forged_record_holds_for_a_code_is_looked_for_and_not_found():
    assert ["agreed"] not in OUTCOME_KINDS and ["lived"] not in labels.PERSPECTIVES
