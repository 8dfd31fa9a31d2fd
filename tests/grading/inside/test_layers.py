"""The isolation layers: what each of them does, how a sample takes it into force, and how it is tried."""

from pathlib import Path

from evalsite.grading.inside.layers import LAYERS
from evalsite.grading.inside.setup import PROMISED
from evalsite.rundir.sandboxes import ISOLATING, SANDBOXES

ROOT = Path(__file__).parents[3]


def test_every_layer_is_explained():
    """To those who run the doctor, and to those who read how programs are kept in."""
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    assert [layer.name for layer in LAYERS if f"| `{layer.name}" not in page] == []
    assert all(layer.does for layer in LAYERS)
    assert len({layer.name for layer in LAYERS}) == len(LAYERS)


def test_every_promise_has_a_keeper_in_each_sandbox():
    """In the table of promises: a column each for those that make them, and no field of it empty."""
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    rows = [
        [field.strip() for field in line.split("|")[1:-1]] for line in page.splitlines() if line[:2] == "| "
    ]
    head = next(row for row in rows if row[0] == "promise")
    assert [name for name in SANDBOXES if any(f"`{name}`" in field for field in head)] == [
        name for name in SANDBOXES if name in ISOLATING
    ]
    kept = [row for row in rows if row[0].partition("`: ")[0].strip("`") in PROMISED]
    assert len(kept) == len(PROMISED)
    assert all(len(row) == len(head) and all(row) for row in kept)
