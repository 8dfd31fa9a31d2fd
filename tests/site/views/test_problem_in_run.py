"""One problem in one run: what was asked, and every sample with its code, verdict and error."""


def test_tracebacks_keep_their_lines_and_link_into_the_program(site):
    """Each frame stands on a line of its own, and those of the program lead to its line."""
    page = site / "runs/2026-11-20T10-00-00Z--toy-ternary--humaneval/HumanEval-2/index.html"
    text = page.read_text()
    assert (
        '  <a href="#s6-L2">File &#34;&lt;program&gt;&#34;, line 2</a>, in add2\n    total = a + c\nNameError'
        in text
    )
