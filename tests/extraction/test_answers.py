"""Forms that answers take out there, several of each kind: what comes of them is the final answer's program.

Every answer here is right if it is read right: the program found is executed, tests and all.
"""

import textwrap

import pytest

from evalsite.extraction import extract
from evalsite.rundir.schema import Completion
from tests.extraction.answers import BODY, FUNCTION, PROMPT, TEXT_PROBLEM, fenced, passes, program
from tests.extraction.helpers import DRAFT, FINAL
from tests.make import make_problem

CODE = FUNCTION.rstrip()
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
ROOT = "def root(x):\n    return math.isqrt(x)\n"
DOCUMENTED = FUNCTION.replace(BODY, '    """Mind the </think> mark."""\n' + BODY)
ENDS = {
    "behind the answer": f"{FINAL}\n</think>",
    "behind the answer, and words": f"{FINAL}\n</think>\nDone.",
    "twice behind it": f"{FINAL}\n</think>\n</think>\n",
    "behind code, in its fence": f"```python\n{FUNCTION}</think>\n```",
    "behind code, in its fence, and words": f"```python\n{FUNCTION}\n</think>\n```\nThat is it.",
    "behind bare code": f"{FUNCTION}</think>",
    "in a docstring": fenced(DOCUMENTED),
    "in a docstring, no fence": DOCUMENTED,
    "in a docstring, behind a thought": f"{DRAFT}</think>\n{fenced(DOCUMENTED)}",
    "in a comment": fenced(FUNCTION.replace(BODY, f"    # not </think>\n{BODY}")),
    "in a text, as a pair": fenced(f"{FUNCTION}TAG = '<think>x</think>'\nassert len(TAG) == 16\n"),
    "another family's": f"{FINAL}\n[/THINK]\n",
    "behind the answer, behind a thought": f"<think>{DRAFT}</think>\n{FINAL}\n</think>",
    "behind the answer, its beginning eaten": f"{DRAFT}\n</think>\n{FINAL}\n</think>\n",
}
TAGS = {
    f"{begins} {ends}": f"{begins}{DRAFT}{ends}\n{FINAL}"
    for begins, ends in (
        ("<reasoning_content>", "</reasoning_content>"),
        ("<reasoning-content>", "</reasoning-content>"),
        ("<thinking_process>", "</thinking_process>"),
        ("<internal_monologue>", "</internal_monologue>"),
        ("< think >", "</ think >"),
        ("<think >", "< /think>"),
        ("<think\n>", "</think\n>"),
        ("\\<think\\>", "\\</think\\>"),
        ("<think>", "<\\/think>"),
        ("<think>", "<\\think>"),
        ("\\[THINK\\]", "\\[/THINK\\]"),
        ("[ think ]", "[ /think ]"),
        ("", "</ think >"),
        ("", "\\</think\\>"),
    )
}
HEADINGS = {
    f"{thought} {answer}": f"{thought}\nI try\n{DRAFT}\n{answer}\n{FINAL}"
    for thought, answer in (
        ("Thinking:", "Final answer:"),
        ("## Thinking", "## Final Answer"),
        ("**Thinking:**", "**Final Answer:**"),
        ("**Thinking**:", "**Answer**:"),
        ("Reasoning:", "Answer:"),
        ("### Thought Process", "### Final Solution"),
        ("My reasoning:", "Final code:"),
        ("Thoughts:", "The final solution:"),
    )
} | {
    "no fence": f"Thinking:\nWe could\n{FUNCTION.replace('isqrt', 'floor')}\nFinal answer:\n{FUNCTION}",
    "on its line": f"Thought: I try {DRAFT}\n\nFinal answer: {FINAL}",
    "nothing behind it": f"Reasoning:\n{FINAL}\nFinal answer:\nIt returns 3.",
    "an example behind it": f"Analysis:\n{FINAL}\nOutput:\n```python\ntotal([1, 2])\n```",
    "a helper before it": f"Reasoning:\n{fenced(ROOT)}\n"
    f"Solution:\n{fenced(FUNCTION.replace('math.isqrt', 'root'))}",
}
_LOOP = "    for n in numbers:\n        found += shift(n)\n"
_PIECES = ("    found = 0\n", _LOOP, "    return math.isqrt(found)\n")
_ROOTED = BODY.replace("math.isqrt", "root")
PIECES = {
    "a body in three blocks": "then\n".join(map(fenced, _PIECES)),
    "a body in three blocks, dedented": "".join(fenced(textwrap.dedent(piece)) for piece in _PIECES),
    "a head, its body in three blocks": fenced(f"{HALVED}\n") + "".join(map(fenced, _PIECES)),
    "a function that goes on": fenced(f"{HALVED}\n{_PIECES[0]}") + "".join(map(fenced, _PIECES[1:])),
    "a guard, and the rest": fenced(f"{HALVED}\n    if not numbers:\n        return 0\n") + fenced(BODY),
    "a body in two, and a call": fenced(_PIECES[0] + _LOOP) + fenced(_PIECES[2]) + fenced("total([1])\n"),
    "a helper, then the body": fenced(ROOT) + fenced(_ROOTED),
    "the body, then its helper": fenced(_ROOTED) + fenced(ROOT),
    "head, body, helper": fenced(f"{HALVED}\n") + fenced(_ROOTED) + fenced(ROOT),
    "a line that is explained": FINAL + "The loop\n" + fenced(_LOOP) + "adds up.\n",
}
_TYPED = f"{HALVED}\n   ...: {BODY}"
COMMANDS = {
    "a line magic in a session": fenced(
        f"In [1]: %time\nIn [2]: {_TYPED}\nIn [3]: !pip install x\nIn [4]: total([1])\nOut[4]: 1\n"
    ),
    "a cell's magic in a session": fenced(f"In [1]: %%time\n   ...: {_TYPED}\n"),
    "a shell's cell in a session": fenced(f"In [1]: %%bash\n   ...: pip install x\n\nIn [2]: {_TYPED}\n"),
    "a shell's cell in a session, of Python's words": fenced(f"In [1]: %%bash\nls\npwd\nIn [2]: {_TYPED}\n"),
    "a shell's cell behind": fenced(f"{FUNCTION}\n%%bash\nls\npwd\n"),
    "a shell's cell before": fenced(f"%%bash\nls\npwd\n\n%%time\n{FUNCTION}"),
    "a shell's cell before, no cell's end": fenced(f"%%sh\npip install numpy\nls\n{FUNCTION}"),
    "a page's cell": fenced(f"{FUNCTION}\n%%html\n<b>x</b>\n"),
    "a heredoc": fenced(f"cat > solution.py <<'EOF'\n{FUNCTION}EOF\n", "bash"),
    "a heredoc for Python": fenced(f"$ python3 - <<EOF\n{FUNCTION}EOF\n", ""),
    "a heredoc, and more": fenced(f"mkdir a\ncat <<-END > a/b.py\n{FUNCTION}END\npython a/b.py\n", "sh"),
    "a heredoc's end": fenced(f"{FUNCTION}EOF\n"),
    "a word behind": fenced(f"{FUNCTION}\nDone\n"),
    "a file's name behind": fenced(f"{FUNCTION}\nsolution.py\n"),
    "words behind": fenced(f"{FUNCTION}\nDone, thanks\n"),
    "a note behind": fenced(f"{FUNCTION}\nNote: tested\n"),
    "a word before": fenced(f"python\n{FUNCTION}"),
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


FORMS = (MORE_MARKUP, FENCES, ENDS, TAGS, HEADINGS, PIECES, COMMANDS)


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=name) for form in FORMS for name, text in form.items()]
)
def test_an_answer_is_read_however_it_is_wrapped(text):
    found = program(text)
    assert passes(found), f"{found.rule}\n{found.source}"


@pytest.mark.parametrize("kept", ["STEP", "shift", "numbers and total"])
def test_bare_words_that_are_defined_change_nothing(kept):
    """Whether or not they run."""
    assert passes(program(fenced(f"numbers = []\n{FUNCTION}\n{kept}\n")))


def test_a_word_that_nobody_defines_still_fails_where_it_counts():
    """Within the function it is the model's own mistake."""
    assert not passes(program(fenced(FUNCTION.replace(BODY, f"    Done\n{BODY}"))))


def test_a_head_and_a_body_belong_together_without_a_prompt_too():
    head, body = TEXT_PROBLEM.reference.split("\n")[:2]
    found = program(fenced(f"{head}\n") + fenced(f"{body}\n"), problem=TEXT_PROBLEM)
    assert passes(found, TEXT_PROBLEM)
    assert PROMPT not in found.source


@pytest.mark.parametrize(
    ("text", "rule", "source"),
    [
        ("def double(x):\n    pass\n", "whole-answer", "def double(x):\n    pass"),
        (
            "```python\ndef double(x):\n```\nand then\n```python\n    y = 2 * x\n    return y\n```\n",
            "body",
            "def double(x):\n    y = 2 * x\n    return y\n",
        ),
        (
            "```python\ndef double(x):\n```\n```python\n    y = 2 * x\n```\n```python\n    return y\n```\n",
            "body+continued",
            "def double(x):\n    y = 2 * x\n    return y\n",
        ),
        (
            "```python\n    y = 2 * x\n    return y\n```\n```python\n    double(3)\n```\n",
            "body",
            'def double(x):\n    """Return twice x."""\n    y = 2 * x\n    return y\n',
        ),
    ],
)
def test_a_stub_alone_counts_and_halves_say_how_many_they_are_of(text: str, rule: str, source: str) -> None:
    """Where there is nothing else, a stub is the answer; a body in several blocks is told from one in one."""
    found = extract(make_problem(), Completion(problem="Demo/0", sample=0, form="response", text=text))
    assert (found.rule, found.source) == (rule, source)
