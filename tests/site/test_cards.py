"""Social cards: one picture per run for links that unfurl, drawn without a browser."""

import re
import xml.etree.ElementTree as ET

from evalsite.site.cards import card_svg
from evalsite.site.subjects import RunSubject

SVG = "{http://www.w3.org/2000/svg}"


def test_a_card_says_each_thing_once(runs):
    """Model, score and interval stand on it as text, whatever the model's name holds."""
    entries, judgement = runs
    assert entries
    for name, (entry, _) in entries.items():
        texts = [
            text.text
            for text in ET.fromstring(card_svg(RunSubject.of(entry, judgement), "T & <T>")).iter(f"{SVG}text")
        ]
        assert texts.count(name) == 1
        assert texts[0] == "T & <T> · humaneval"
        assert sum("95 % interval" in text for text in texts) == 1
        assert len(texts) > 2
        assert all(text.count("pass@1") <= 1 for text in texts)


def test_runs_unfurl_with_a_card(site):
    """A shared link shows title, description and a picture by absolute addresses."""
    run = "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval/"
    text = (site / run / "index.html").read_text()
    assert f'<link rel="canonical" href="https://example.org/results/{run}">' in text
    assert '<meta property="og:title" content="Toy-Ternary on humaneval">' in text
    match = re.search(r'og:image" content="https://example.org/results/([^"]+)"', text)
    assert match
    assert (site / match[1]).read_bytes().startswith(b"\x89PNG")
