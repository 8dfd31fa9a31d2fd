"""Small exercises in each language that exercises run in, for tests."""

from evalsite.edits.exercise import Exercise, to_problem

PYTHON = Exercise(
    instructions="Write `add`.",
    solution={"add.py": "def add(a, b):\n    pass\n"},
    tests={
        "add_test.py": "import unittest\n\nfrom add import (\n    add,\n)\nfrom helper import SEVEN\n\n\n"
        "class T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(3, 4), SEVEN)\n",
        "helper.py": "SEVEN = 7\n",
    },
    reference={"add.py": "def add(a, b):\n    return a + b\n"},
)
SEVERAL = Exercise(
    instructions="Write `twice` by `add`.",
    solution={
        "pack/__init__.py": "",
        "pack/add.py": "def add(a, b):\n    pass\n",
        "twice.py": "twice = None\n",
    },
    tests={
        "twice_test.py": "import unittest\nimport twice\n\nclass T(unittest.TestCase):\n    def test(self):\n"
        "        self.assertEqual(twice.twice(4), 8)\n        assert open('data/x.txt').read() == 'x'\n"
    },
    other={"data/x.txt": "x"},
    reference={
        "pack/__init__.py": "",
        "pack/add.py": "def add(a, b):\n    return a + b\n",
        "twice.py": "from pack.add import add\n\ndef twice(a):\n    return add(a, a)\n",
    },
)
GO = Exercise(
    instructions="Write `Add`.",
    solution={"add.go": 'package add\n\nfunc Add(a, b int) int {\n\tpanic("write me")\n}\n'},
    tests={
        "add_test.go": 'package add\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n'
        '\tif got := Add(three, 4); got != 7 {\n\t\tt.Errorf("got %d, not 7", got)\n\t}\n}\n'
    },
    other={
        "cases_test.go": "package add\n\nconst three = 3\n",
        "bonus_test.go": "//go:build bonus\n\npackage add\n\nconst three = 4\n",
        "go.mod": "module add\n",
    },
    reference={"add.go": "package add\n\nfunc Add(a, b int) int {\n\treturn a + b\n}\n"},
)
RUST = Exercise(
    instructions="Write `add`.",
    solution={
        "src/lib.rs": "mod inner;\npub fn add(a: i32, b: i32) -> i32 {\n    todo!()\n}\n",
        "Cargo.toml": '[package]\nname = "add-up"\nedition = "2021"\n',
    },
    tests={
        "tests/add.rs": "//! Tests.\nuse add_up::*;\n\n#[test]\nfn adds() { assert_eq!(add(3, 4), 7); }\n"
        "#[test]\n#[ignore]\nfn adds_more() {\n    assert_eq!(add(3, 5), 8);\n}\n",
        "tests/more.rs": "use add_up::add;\n#[test]\n#[should_panic]\nfn it() { assert!(add(1, 1) == 3) }\n",
    },
    other={"src/inner.rs": "pub fn inner() {}\n"},
    reference={
        "src/lib.rs": "mod inner;\npub fn add(a: i32, b: i32) -> i32 {\n    inner::inner();\n    a + b\n}\n",
        "Cargo.toml": '[package]\nname = "add-up"\nedition = "2021"\n',
    },
)
PROBLEMS = {
    "python": to_problem("python/add", PYTHON, "python"),
    "several": to_problem("python/twice", SEVERAL, "python"),
    "go": to_problem("go/add", GO, "go"),
    "rust": to_problem("rust/add", RUST, "rust"),
}
