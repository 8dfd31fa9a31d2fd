"""The words of statistics that reports and pages use, each explained in a sentence or two."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word and what it means."""

    id: str
    """In addresses: ``methods.html#w-<id>``."""
    word: str
    meaning: str


TERMS = (
    Term(
        "pass-at-k",
        "pass@k",
        "The chance that at least one of k samples of a problem passes, averaged over problems.",
    ),
    Term(
        "solved",
        "solved at least once",
        "At least one of a problem's samples passed. Of ten samples that is much less than passing at the "
        "first try, which is pass@1.",
    ),
    Term("points", "points", "Percentage points: from 64 % to 54 % ten points are lost."),
    Term(
        "interval",
        "interval",
        "The range in which the truth lies: ranges made like this hold it in 95 of 100 cases. It is about "
        "problems like these, of which these are a choice.",
    ),
    Term("confidence", "confidence", "How often what is said like this is right; 95 % unless told."),
    Term("difference", "difference", "The candidate's figure less the baseline's: negative where it lost."),
    Term("margin", "margin, allowed loss", "How many points may be lost; chosen before the run."),
    Term(
        "excess",
        "confidence that more than the allowed was lost",
        "How sure it is that the true loss is beyond the margin: the one-sided p-value of such a loss. Below "
        "2.5 % the verdict is met, above 97.5 % missed. Not a probability of this one truth, which would "
        "need to know what was likely before.",
    ),
    Term("met", "met", "All of the interval lies on the good side of the threshold."),
    Term("missed", "missed", "All of the interval lies on the bad side."),
    Term("inconclusive", "inconclusive", "The interval reaches to both sides: these data cannot tell."),
    Term(
        "vacuous",
        "vacuous",
        "Nothing is proven: the margin is more than half of what the baseline scores.",
    ),
    Term("pending", "pending", "There is nothing to judge yet: a run is missing or not finished."),
    Term(
        "p",
        "p",
        "How often two equally good models would differ by at least as much; small where that is hard to "
        "believe.",
    ),
    Term(
        "corrected",
        "p, corrected",
        "The same after Holm's correction: who compares many candidates finds a difference by chance more "
        "often. Shown where there are several.",
    ),
    Term(
        "detectable",
        "could have shown",
        "The smallest true loss that data like these would have shown in four cases of five. A smaller one "
        "can easily hide.",
    ),
    Term(
        "outright",
        "lost outright, spread evenly",
        "Two ways to lose as much: some problems never pass any more, or all of them pass a bit less often.",
    ),
    Term(
        "luck",
        "luck in the answers",
        "What differs when the same model is asked again. More samples of each problem make it smaller.",
    ),
    Term(
        "choice",
        "the choice of problems",
        "What would differ with other problems of the same kind. More problems make it smaller, more samples "
        "do not.",
    ),
    Term(
        "broken", "broken", "The baseline passes at least half of a problem's samples, the candidate fewer."
    ),
    Term("fixed", "fixed", "The other way round."),
    Term(
        "told",
        "told from luck",
        "The counts of one problem are too unlike for one rate of passes (Fisher's exact test, p < 0.05).",
    ),
    Term(
        "shift",
        "shift",
        "The make-up of the failures changed: whether there are more of them does not count.",
    ),
    Term(
        "paired",
        "paired",
        "Compared problem by problem, which takes out that some problems are harder than others.",
    ),
    Term(
        "wilson",
        "Wilson, cluster-robust Wilson",
        "How the interval of one run is made: the score interval of a share, or, with several samples of a "
        "problem, the same with problems as the unit, since samples of one problem are alike.",
    ),
    Term(
        "bonett-price",
        "Bonett-Price, cluster-robust Bonett-Price",
        "How the interval of a difference is made: two more problems join the data, one won and one lost, "
        "which keeps an honest width where few changed; with several samples, with problems as the unit.",
    ),
    Term(
        "mcnemar",
        "exact McNemar test",
        "Of single answers: whether as many problems broke as were fixed, up to chance.",
    ),
    Term(
        "permutation",
        "permutation test",
        "Of several samples: each problem's difference might as well have had the other sign. All signs are "
        "tried (exact), or thousands drawn.",
    ),
    Term(
        "own",
        "the interval's own test",
        "p is one minus the confidence at which the interval begins to hold zero.",
    ),
    Term("bca", "BCa bootstrap over problems", "A third way to an interval, from Python alone."),
)
"""In the order in which a reader meets them."""
