"""PHP is run by its command line, the program and its tests evaluated by a driver of ours."""

from evalsite.languages.php.grammar import PhpGrammar
from evalsite.languages.scanned.apart import tests_apart
from evalsite.languages.toolchain import Place, Step, Tool, Toolchain, copy_beside, run_text

_GRAMMAR = PhpGrammar()


class Php(Toolchain):
    """Without settings of the system's."""

    tools = (Tool("php", "php-cli"),)
    folders = ("/usr/lib/php", "/usr/share/php")

    def prepare(self, place: Place) -> None:
        """Put the driver where programs can read it."""
        copy_beside(__file__, "driver.php", place)

    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """One: what is no program is told by the driver."""
        settings = {
            "memory_limit": f"{max(place.memory_mib * 3 // 4, 32)}M",
            "display_errors": "stderr",
            "html_errors": "0",
            "log_errors": "0",
            "include_path": f".:{place.packages}" if place.packages else ".",
            "zend.assertions": "1",
            "assert.exception": "1",
            "date.timezone": "UTC",
        }
        flags = [word for name, value in settings.items() for word in ("-d", f"{name}={value}")]
        words = (place.tools["php"], "-n", *flags, f"{place.cache}/driver.php")
        stdin = run_text(program, tests_apart(program, tests, _GRAMMAR))
        return (Step(words=words, stdin=stdin, is_told=True),)
