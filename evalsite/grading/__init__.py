"""Program -> Execution -> Verdict: run generated code where it can do no harm, and say what happened."""
