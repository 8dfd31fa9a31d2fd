"""What reads the text of models, servers and run files takes linear time, whatever the text holds."""

import sys
from pathlib import Path

import pytest

from tests import preloaded
from tests.hostile_texts import SIZE

pytestmark = pytest.mark.linux

SETUP = """
from evalsite.calls.families import find_calls
from evalsite.calls.judging import Expected, judge_calls
from evalsite.calls.reading import read_call
from evalsite.calls.tools import Tool
from evalsite.client.faults import server_words
from evalsite.datasets.records import _NO_NUMBER
from evalsite.extraction import answers, extract
from evalsite.formats.lm_eval import _OPEN_FENCE
from evalsite.formats.writing import safe_name
from evalsite.languages.python import PYTHON
from evalsite.languages.reading import Unread
from evalsite.report.markup import code_block, code_span
from evalsite.rundir.schema import Completion
from evalsite.site.code.highlighting import highlight
from evalsite.words.text import visible
from evalsite.words.loops import find_loop
from tests.extraction.answers import program
from tests.hostile_texts import CALLS, UNITS, feed
from tests.symptoms.examples import symptoms
TOOLS = [Tool(name="f", parameters={"properties": {"x": {"type": "array"}}})]
WANTED = Expected(calls=({"f": {"x": [1]}},))
reading, running, failures = PYTHON.reading, PYTHON.running, PYTHON.failures
"""
READERS = {
    "calls in texts": "lambda text: find_calls(text, TOOLS)",
    "arguments of calls": "lambda text: judge_calls([read_call('f', text)] * 2, WANTED, TOOLS)",
    "chat answers": "lambda text: program(text)",
    "completions": "lambda text: program(text, 'completion')",
    "thoughts": "lambda text: answers.without_thinking(text, Unread(reading))",
    "thoughts under headings": "lambda text: answers.behind_heading(f'Thinking:\\n{text}')",
    "fences' info": "lambda text: reading.fences.match(text)",
    "symptoms": "lambda text: symptoms(text)",
    "loops": "lambda text: (find_loop(text), find_loop('ab' + text + '1 2'))",
    "where code begins": "lambda text: (reading.begins.match(text), answers._first_code(reading, text))",
    "tags": "lambda text: reading.tags.sub('', text)",
    "imports": "lambda text: running.environment(text, text)",
    "own names": "lambda text: running.own_names(text, 'f')",
    "tracebacks": "lambda text: failures.trace_line.search(text)",
    "JSON as Python writes it": "lambda text: _NO_NUMBER.sub(b'', text.encode())",
    "errors of servers": "lambda text: server_words(text.encode())",
    "prompts of other tools": "_OPEN_FENCE.search",
    "text on pages": "visible",
    "code on pages": "lambda text: highlight(text + '!', PYTHON)",
    "code in Markdown": "lambda text: (code_block(text), code_span(text), safe_name(text))",
}
"""Who reads -> how."""
SLOW = {
    "chat answers": 10_000,
    "completions": 10_000,
    "symptoms": 10_000,
    "code on pages": 3_000,
    "code in Markdown": 10_000,
    "text on pages": 20_000,
}
"""Those who take some time for each character -> how many they are fed."""
FED = {"calls in texts": "UNITS + CALLS", "arguments of calls": "UNITS + CALLS"}
"""Who read more than the usual -> of what."""
GROUPS = {**{reader: [reader] for reader in SLOW}, "others": [name for name in READERS if name not in SLOW]}
"""Who share a process: its start takes as long as all texts do that the others are fed."""


@pytest.mark.long
@pytest.mark.parametrize("group", GROUPS)
def test_a_million_characters_take_no_longer_than_a_million(group: str) -> None:
    """Of spaces, backticks, tags, brackets and quotes, alone and by turns: nothing hits its limit of CPU
    time.
    """
    feeding = [
        f"print({name!r})\nfeed({READERS[name]}, {SLOW.get(name, SIZE)}, {FED.get(name, 'UNITS')})\n"
        for name in GROUPS[group]
    ]
    ended = preloaded.run(
        [sys.executable, "-c", SETUP + "".join(feeding)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, f"{ended.stdout.splitlines()}\n{ended.stderr[-2000:]}"
    assert ended.stdout.count("all by turns") == len(feeding)
