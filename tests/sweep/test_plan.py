"""Plans of sweeps: what is wrong is told with file, line and field."""

import pytest

from evalsite.errors import UsageError
from evalsite.sweep.plan import mistake_in_options, read_plan

GOOD = """\
baseline = "a"
[options]
max-tokens = 64
[[models]]
name = "a"
endpoint = "http://127.0.0.1:1"
[[models]]
name = "b"
command = "serve --port {port}"
slot = "gpu"
[[datasets]]
name = "humaneval"
max_problems = 10
"""


def test_a_plan_is_read_with_its_defaults(tmp_path):
    """Two passes, a server's slot, one sample."""
    (tmp_path / "plan.toml").write_text(GOOD)
    plan = read_plan(tmp_path / "plan.toml")
    assert [model.name for model in plan.models] == ["a", "b"]
    assert (plan.passes, plan.models[1].slot, plan.datasets[0].num_samples) == (2, "gpu", 1)
    assert plan.options == {"max-tokens": 64}
    assert (plan.runs, plan.site, plan.margin, plan.looks) == ("runs", "site", 10.0, 5)
    assert (plan.until_decided, plan.thrifty, plan.targets) == (False, False, "")
    assert (plan.models[0].slot, plan.models[0].load_s, plan.models[0].path) == ("server", 600.0, "/v1")
    assert (plan.datasets[0].max_problems, plan.datasets[0].draw_seed) == (10, 0)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('slot = "gpu"', "slot = 3", "plan.toml:10: models[2].slot: Expected `str`, got `int`"),
        ('slot = "gpu"', 'slto = "gpu"', "plan.toml:10: models[2]: Object contains unknown field `slto`"),
        ('baseline = "a"', 'base = "a"', "plan.toml:1: Object contains unknown field `base`"),
        ('baseline = "a"', 'baseline = "c"', "plan.toml:1: baseline: no model of the plan is called 'c'"),
        ('name = "b"', 'name = "a"', "plan.toml:8: models[2].name: 'a' stands there twice"),
        ('endpoint = "http', 'profile = "p"\nendpoint = "http', "plan.toml:4: models[1]: needs one of"),
        ('endpoint = "http://127.0.0.1:1"', "", "plan.toml:4: models[1]: needs one of"),
        (" --port {port}", "", "plan.toml:9: models[2].command: has no {port}"),
        ("serve ", "serve '", "plan.toml:9: models[2].command: cannot be split"),
        ("serve ", "serve {file} ", "plan.toml:9: models[2].command: {file} and the key file"),
        ('baseline = "a"', "thrifty = true", "plan.toml:1: thrifty: says how to look, and belongs to until"),
        ('baseline = "a"', 'targets = "t.toml"', "plan.toml:1: targets: there is no file"),
        ('slot = "gpu"', 'card = "c.toml"', "plan.toml:10: models[2].card: there is no file"),
        ("http://127.0.0.1:1", "nonsense", "plan.toml:6: models[1].endpoint: not the URL of an HTTP server"),
        ('slot = "gpu"', 'file = "x.gguf"', "plan.toml:9: models[2].command: {file} and the key file"),
        (
            "max_problems = 10",
            "max_problems = 0",
            "plan.toml:13: datasets[1].max_problems: Expected `int`",
        ),
        ("[options]", "margin = 101\n[options]", "plan.toml:2: margin: Expected `float` <= 100"),
        ("[options]", "margin = -1\n[options]", "plan.toml:2: margin: Expected `float` >= 0"),
        ("[options]", "passes = 0\n[options]", "plan.toml:2: passes: Expected `int` >= 1"),
        ("[options]", "passes = 21\n[options]", "plan.toml:2: passes: Expected `int` <= 20"),
        ("[options]", "looks = 0\n[options]", "plan.toml:2: looks: Expected `int` >= 1"),
        ("[options]", "looks = 21\n[options]", "plan.toml:2: looks: Expected `int` <= 20"),
        (
            "max_problems = 10",
            "num_samples = 0",
            "plan.toml:13: datasets[1].num_samples: Expected `int` >= 1",
        ),
        ("max_problems = 10", "draw_seed = -1", "plan.toml:13: datasets[1].draw_seed: Expected `int` >= 0"),
        (
            "max_problems = 10",
            '[[datasets]]\nname = "humaneval"',
            "plan.toml:14: datasets[2].name: 'humaneval' st",
        ),
        ('baseline = "a"', "until_decided = true", "plan.toml:1: until_decided: needs a baseline"),
        (
            "[options]",
            "until_decided = true\n[options]",
            "plan.toml:14: datasets[1].max_problems: until_decided",
        ),
        (
            "max_problems",
            "max_problem",
            "plan.toml:13: datasets[1]: Object contains unknown field `max_problem`",
        ),
        ('[[datasets]]\nname = "humaneval"\nmax_problems = 10\n', "", "missing required field `datasets`"),
        ("[options]", "[options", "not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_file_line_and_field(tmp_path, old, new, told):
    """The first of them, as the file has it."""
    assert old in GOOD
    (tmp_path / "plan.toml").write_text(GOOD.replace(old, new, 1))
    with pytest.raises(UsageError) as found:
        read_plan(tmp_path / "plan.toml")
    assert told in str(found.value)
    assert str(tmp_path / "plan.toml") in str(found.value)
    assert found.value.hint


def test_weights_that_are_not_there_are_told(tmp_path):
    """Before any server is started."""
    text = GOOD.replace('slot = "gpu"', 'file = "x.gguf"').replace("serve ", "serve {file} ")
    (tmp_path / "plan.toml").write_text(text)
    with pytest.raises(UsageError, match=r"plan.toml:10: models\[2\].file: there is no file"):
        read_plan(tmp_path / "plan.toml")
    (tmp_path / "x.gguf").touch()
    assert read_plan(tmp_path / "plan.toml").models[1].file == "x.gguf"


def test_an_option_that_run_has_not_is_told_with_its_line(tmp_path):
    """Where it stands, whichever table it is in."""
    (tmp_path / "plan.toml").write_text(GOOD)
    assert "plan.toml:3: options.max-tokens: no" in str(
        mistake_in_options(tmp_path / "plan.toml", "max-tokens", "no")
    )
