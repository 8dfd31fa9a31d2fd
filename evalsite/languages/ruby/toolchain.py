"""Ruby is run by its interpreter, the program and its tests evaluated by a driver of ours."""

from glob import glob

from evalsite.languages.toolchain import Place, Step, Tool, Toolchain, copy_beside, run_text

_GEMS = (
    "/usr/share/rubygems-integration/all/gems/test-unit-*/lib",
    "/usr/lib/ruby/gems/*/gems/prime-*/lib",
    "/usr/lib/ruby/gems/*/gems/matrix-*/lib",
)
"""What is required besides the library: MultiPL-E's tests are cases of the first, and the others come along.
Gems are off, since to look for them costs more than to run a program."""


class Ruby(Toolchain):
    """The reference interpreter, with its standard library."""

    tools = (Tool("ruby", "ruby"),)
    folders = ("/usr/lib/ruby", "/usr/lib/*/ruby", "/usr/share/rubygems-integration", "/var/lib/gems")
    packages = ("ruby-test-unit",)
    form = "4"
    reserves_mib = 1024

    def prepare(self, place: Place) -> None:
        """Put the driver where programs can read it."""
        copy_beside(__file__, "driver.rb", place)

    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """One: what is no program is told by the driver."""
        found = [*filter(None, (place.packages,)), *(each for gem in _GEMS for each in sorted(glob(gem)))]  # noqa: PTH207
        further = [word for folder in found for word in ("-I", folder)]
        words = (place.tools["ruby"], "-W0", *further, "--disable=gems", f"{place.cache}/driver.rb")
        return (Step(words=words, stdin=run_text(program, tests), is_told=True),)
