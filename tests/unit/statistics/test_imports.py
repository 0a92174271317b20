import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[3] / "src"


def loaded_after(statement):
    code = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_statistics_never_load_torch():
    loaded = loaded_after(
        "import crest.statistics.judge as j; [j.CLAIMS[name] for name in j.CLAIMS.names()];"
        "import crest.statistics.tables.comparisons, crest.statistics.pilot"
    )
    assert "torch" not in loaded


def test_listing_tables_and_claims_loads_no_scipy():
    loaded = loaded_after(
        "from crest.registry import Registry; Registry('crest.statistics.tables').names();"
        "Registry('crest.statistics.claims').names()"
    )
    assert not {"scipy", "polars"} & loaded
