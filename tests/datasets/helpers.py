"""Records of both shapes, and files of them."""

import json

HUMANEVAL = {
    "task_id": "Mine/0",
    "prompt": "def f(x):\n",
    "entry_point": "f",
    "canonical_solution": "    return x\n",
    "test": "def check(candidate):\n    assert candidate(1) == 1\n",
}


MBPP = {
    "task_id": 11,
    "text": "Write a function to add.",
    "code": "def helper():\n    pass\ndef add(a, b):\n    return a + b",
    "test_list": ["assert add(1, 2) == 3"],
    "test_setup_code": "",
    "challenge_test_list": [],
}


def write(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def without(record, name):
    return {key: value for key, value in record.items() if key != name}
