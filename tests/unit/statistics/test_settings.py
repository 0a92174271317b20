"""Each table is computed with the settings that its module names, all of them and no other."""

import pytest
from tests.synthetic.tables import regrades_table
from tests.unit.statistics.conftest import SETTINGS

from crest.registry import Registry
from crest.statistics.settings import Settings

TABLES = Registry("crest.statistics.tables")
NAMED = {name: TABLES.literal(name, "SETTINGS") for name in TABLES.names()}


@pytest.mark.parametrize("name", TABLES.names())
def test_a_table_needs_the_settings_that_it_names_and_no_other(name, results):
    tables = {**results, "regrades": regrades_table()}
    given = {key: SETTINGS.given[key] for key in NAMED[name]}
    whole = TABLES[name].compute(tables, Settings(given))
    assert whole.equals(TABLES[name].compute(tables, SETTINGS))
    for left_out in NAMED[name]:
        rest = {key: value for key, value in given.items() if key != left_out}
        with pytest.raises(KeyError, match=f"{left_out}: this table was not given it"):
            TABLES[name].compute(tables, Settings(rest))


def test_every_name_is_a_setting():
    for names in NAMED.values():
        assert set(names) <= set(SETTINGS.given)
