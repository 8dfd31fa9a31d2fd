"""Forms that answers take out there, several of each kind: what comes of them is the final answer's program.

Every answer here is right if it is read right: the program found is executed, tests and all.
"""

import pytest

from evalsite.extraction.thoughts import MARKUPS
from tests.extraction.answers import BODY, FUNCTION, PROMPT, TEXT_PROBLEM, fenced, passes, program

CODE = FUNCTION.rstrip()
DRAFT = fenced(FUNCTION.replace("isqrt", "floor"))
FINAL = fenced(FUNCTION)
INDENTED = "".join(f"    {line}\n" for line in CODE.split("\n"))
HALVED = FUNCTION.split("\n")[0]


MORE_MARKUP = {
    "capitals": f"<THINK>{DRAFT}</Think>\n{FINAL}",
    "another ending": f"<think>{DRAFT}</thinking>\n{FINAL}",
    "thoughts in thoughts": f"<thinking>\n<reflection>{DRAFT}</reflection>\n{DRAFT}</thinking>\n{FINAL}",
    "a summary": f"<details>\n<summary>Thinking</summary>\n{DRAFT}\n</details>\n{FINAL}",
    "an attribute": f'<thinking time="3">{DRAFT}</thinking>{FINAL}',
    "commentary, too": "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=x "
    f"<|constrain|>json<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{FINAL}<|return|>",
    "stripped, no fence": f"analysisWe need it.\n\nassistantfinal{FUNCTION}",
    "stripped, drafts": f"analysisWe try\n{DRAFT}\nNo.assistantfinal{FINAL}",
    "a solution without the thought's end": f"<|begin_of_thought|>{DRAFT}<|begin_of_solution|>{FINAL}",
    "no fence behind it": f"<|START_THINKING|>{DRAFT}<|END_THINKING|>"
    f"<|START_RESPONSE|>{FUNCTION}<|END_RESPONSE|>",
    "an answer's frame": f"<think>{DRAFT}</think><answer>\n{FINAL}</answer>",
    "a frame that ends the thought": f"<think>\n{DRAFT}\n<answer>\n{FINAL}</answer>",
    "a frame alone": f"I try\n{DRAFT}\n<output>\n{FINAL}</output>",
    "a thought behind the answer": f"{FINAL}\n<think>\n{DRAFT}",
    "a tag that is spoken of": f"I leave out the `<think>` tag.\n{FINAL}",
}
FENCES = {
    "behind prose": f"Sure! ```python\n{FUNCTION}```\nDone.",
    "behind bold prose": f"**Solution:** ```py\n{FUNCTION}```",
    "behind a number": f"1. ```python\n{INDENTED}   ```\n",
    "behind a bullet, bare": f"- Code: ```\n{FUNCTION}```",
    "attributes": f'```python linenums="1" hl_lines="2"\n{FUNCTION}```',
    "a file's name": f"```python filename=solution.py\n{FUNCTION}```",
    "a title with blanks": f'```py title="My solution" {{1,3}}\n{FUNCTION}```',
    "a directive": f"```{{code-block}} python\n:linenos:\n\n{FUNCTION}```",
    "the language below": f"```\npython\n{FUNCTION}```",
    "nested of one length": f"```markdown\nHere:\n{FINAL}```\n",
    "nested in text": f"```text\nThe code is\n\n```py\n{FUNCTION}```\n\nand so on\n```\n",
    "opened twice": f"```\n{FINAL}",
    "opened twice, alike": f"```python\n{FINAL}",
    "opened twice, the second bare": f"```python\n```\n{FUNCTION}```\n",
    "unclosed, opened again": f"```python\n# a plan\n\nNow really:\n\n{FINAL}",
    "unclosed, opened again bare": f"```python\n# a plan\n\nNow:\n```\n{FUNCTION}```\n",
    "unclosed prose, opened again": f"```\nFirst think.\n\n```python3\n{FUNCTION}",
    "closed on a line of code, another behind": f"```python\n{CODE}```\nUse it:\n```python\ntotal([1])\n```",
    "tildes": f"~~~ python\n{FUNCTION}~~~~\n",
    "indented": f"Steps:\n\n    ```python\n{INDENTED}    ```\n",
    "quoted": "".join(f"> {line}\n" for line in FINAL.split("\n")),
    "quoted twice, with prose": "> Look:\n" + "".join(f"> > {line}\n" for line in FINAL.split("\n")),
    "quoted without blanks": "".join(f">{line}\n" for line in FINAL.split("\n")),
    "quoted, no fence": "".join(f"> {line}\n" for line in CODE.split("\n")),
    "prompts in prose": f"Try it:\n>>> {HALVED}\n... {BODY}...\n>>> total([1, 2])\n3\nDone.",
    "a cell below its prompt": fenced(f"In [1]:\nimport math\n{FUNCTION}\nOut[1]: 3\n"),
    "numbered with bars": fenced("".join(f"{n} | {line}\n" for n, line in enumerate(CODE.split("\n"), 1))),
    "a diff with blanks": fenced("".join(f"+ {line}\n" for line in CODE.split("\n")), "diff"),
    "a diff": fenced("".join(f"+{line}\n" for line in CODE.split("\n")), "diff"),
    "a diff with a head": fenced(
        f"--- a.py\n+++ b.py\n@@ -1,2 +1,2 @@\n {HALVED}\n-    return 0\n+{BODY}", "diff"
    ),
    "pre and code": f'<pre><code class="language-python">{FUNCTION}</code></pre>',
    "pre alone, escaped": f"<p>So:</p><pre>\n{FUNCTION}SMALL = 1 &lt; 2\n</pre><p>Done.</p>",
    "a notebook's magics": fenced(f"!pip install numpy\n%matplotlib inline\n{FUNCTION}"),
    "a cell's magic": fenced(f"%%time\n{FUNCTION}"),
    "a notebook's prompts": fenced(f"In [1]: {HALVED}\n   ...: {BODY}\nIn [2]: total([1])\nOut[2]: 2\n"),
    "a console's prompts, no blank": f"```pycon\n>>> {HALVED}\n... {BODY}>>>\n>>> total([1, 2])\n3\n```",
    "prompts behind": fenced(f"{FUNCTION}\n>>> total([1, 2])\n3\n"),
    "prompts behind, broken": fenced(f"{FUNCTION}\n>>> total([1, 2)\nTraceback (most recent call last):\n"),
    "prompts between": fenced(f"import math\n>>> math.isqrt(4)\n2\n\n{FUNCTION}>>> total([1])\n2\n"),
    "numbered lines": fenced("".join(f"{n}  {line}\n" for n, line in enumerate(CODE.split("\n"), 1))),
    "numbered with colons": fenced(
        "".join(f"{n:>3}: {line}\n" for n, line in enumerate(CODE.split("\n"), 9))
    ),
    "Markdown's escapes": fenced(FUNCTION.replace("numbers", r"my\_numbers")),
    "no fence, escapes": "Here:\n\n" + FUNCTION.replace("numbers", r"my\_numbers") + "\nDone, I hope.\n",
    "no fence but indentation": f"Here is the code:\n\n{INDENTED}\nIt sums.\n",
    "no fence but a tab": "Here:\n\n" + INDENTED.replace("    ", "\t") + "\nIt sums.\n",
    "python_tag": f"<|python_tag|>{FUNCTION}<|eom_id|>",
    "python_tag behind prose": f"Sure:<|python_tag|>{FUNCTION}<|eot_id|>",
    "in a sentence, named": f"So: ```py {HALVED.replace('List[int]', 'list')} {BODY.strip()} ```!",
    "in a sentence": f"`{HALVED.replace('List[int]', 'list')} {BODY.strip()}`",
    "the body in a sentence": f"The body is `{BODY.strip()}`.",
    "the body, indented": f"The body is:\n\n{BODY}\nIt sums.\n",
    "future imports, joined": fenced("def root(x):\n    return math.isqrt(x)\n")
    + fenced("from __future__ import annotations\n" + FUNCTION.replace("math.isqrt", "root")),
    "future imports in both": fenced(
        "from __future__ import annotations\ndef root(x):\n    return math.isqrt(x)\n"
    )
    + fenced("'''Main.'''\nfrom __future__ import annotations\n" + FUNCTION.replace("math.isqrt", "root")),
    "a star import apart": fenced("from math import *\n") + fenced(FUNCTION.replace("math.", "")),
    "a stub, then the body": fenced(f'{HALVED}\n    """ The task. """\n') + "and\n" + fenced(BODY),
    "a head, then the body": fenced(f"{HALVED}\n") + "\n" + fenced(BODY),
    "prose in the fence": fenced(f"This is the code\n{FUNCTION}"),
    "a special token before it": f"<|assistant|>\n{FUNCTION}<|end|>",
}  # fmt: skip


@pytest.mark.parametrize("markup", MARKUPS, ids=lambda markup: markup.example)
def test_a_draft_in_a_thought_never_counts(markup):
    """Whether the thought begins and ends, or its beginning was eaten; one without an end leaves nothing."""
    begins, _, ends = markup.example.partition("…")
    begins = begins.replace("analysis", "analysisWe") if begins == "analysis" else begins
    whole, eaten, unclosed = f"{begins}{DRAFT}{ends}", f"{DRAFT}{ends}", f"{begins}\n{DRAFT}"
    for text in (whole, *([f"{begins.upper()}{DRAFT}{ends}", eaten] if markup.alone else [])):
        assert passes(program(f"{text}\n{FINAL}")), text
        assert passes(program(f"{text}{FUNCTION}")), text
    if markup.alone:
        assert program(unclosed).rule == "no-code"


@pytest.mark.parametrize("name", [*MORE_MARKUP, *FENCES])
def test_an_answer_is_read_however_it_is_wrapped(name):
    found = program((MORE_MARKUP | FENCES)[name])
    assert passes(found), f"{found.rule}\n{found.source}"


def test_a_head_and_a_body_belong_together_without_a_prompt_too():
    head, body = TEXT_PROBLEM.reference.split("\n")[:2]
    found = program(fenced(f"{head}\n") + fenced(f"{body}\n"), problem=TEXT_PROBLEM)
    assert passes(found, TEXT_PROBLEM)
    assert PROMPT not in found.source
