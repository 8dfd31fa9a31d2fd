"""Perl is run by its interpreter, the program and its tests evaluated by a driver of ours."""

from evalsite.languages.toolchain import Place, Step, Tool, Toolchain, copy_beside, run_text


class Perl(Toolchain):
    """With the modules that Debian brings."""

    tools = (Tool("perl", "perl"),)
    folders = (
        "/usr/share/perl",
        "/usr/share/perl5",
        "/usr/lib/*/perl*",
        "/etc/perl",
        "/usr/local/share/perl",
    )
    packages = ("libdata-compare-perl", "libtest-deep-perl")

    def prepare(self, place: Place) -> None:
        """Put the driver where programs can read it."""
        copy_beside(__file__, "driver.pl", place)

    def steps(self, program: str, tests: str, place: Place) -> tuple[Step, ...]:
        """One: what is no program is told by the driver."""
        further = ("-I", f"{place.packages}/lib/perl5", "-I", place.packages) if place.packages else ()
        words = (place.tools["perl"], "-CSD", *further, f"{place.cache}/driver.pl")
        variables = {"PERL_HASH_SEED": "0", "PERL_BADLANG": "0"}
        return (Step(words=words, stdin=run_text(program, tests), is_told=True, variables=variables),)
