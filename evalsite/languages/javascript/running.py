"""What JavaScript programs need to be run and tested."""

import re

from evalsite.languages.running import OfTools

_DEFINED = re.compile(r"^(?:async\s+)?(?:function\*?|const|let|var|class)\s+(\w+)", re.MULTILINE)


class JavaScriptRunning(OfTools):
    """Also for TypeScript, whose stubs are the same."""

    varying = re.compile(r"\b(?:Math\.random|Date\.now|new Date\(\)|performance\.now|crypto\.random\w+)")

    def asked_names(self, entry_point: str, reference: str, tests: str) -> tuple[str, ...]:
        """Without an entry point, whatever the reference solution defines."""
        return (entry_point,) if entry_point else tuple(sorted(set(_DEFINED.findall(reference))))

    def stub(self, *names: str) -> str:
        """Each name is a function that throws."""
        return _functions(names, 'throw new Error("not implemented");') or "throw new Error();\n"

    def idle_stub(self, *names: str) -> str:
        """A fresh symbol each time, which is equal to nothing."""
        return _functions(names, "return Symbol();") or ";\n"


def _functions(names: tuple[str, ...], body: str) -> str:
    return "\n".join(f"function {name}() {{\n  {body}\n}}\n" for name in names)
