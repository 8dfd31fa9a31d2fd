"""The isolation layers: what each of them does, how a sample takes it into force, and how it is tried."""

from pathlib import Path

from evalsite.grading.inside.layers import LAYERS

ROOT = Path(__file__).parents[3]


def test_every_layer_is_explained():
    """To those who run the doctor, and to those who read how programs are kept in."""
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    assert [layer.name for layer in LAYERS if f"| `{layer.name}" not in page] == []
    assert all(layer.does for layer in LAYERS)
    assert len({layer.name for layer in LAYERS}) == len(LAYERS)
