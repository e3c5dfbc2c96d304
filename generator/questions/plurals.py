"""English plurals, for the words that resources are called by."""

IRREGULAR = {
    "analysis": "analyses",
    "basis": "bases",
    "child": "children",
    "crisis": "crises",
    "criterion": "criteria",
    "datum": "data",
    "foot": "feet",
    "goose": "geese",
    "half": "halves",
    "hypothesis": "hypotheses",
    "index": "indexes",
    "knife": "knives",
    "leaf": "leaves",
    "life": "lives",
    "man": "men",
    "matrix": "matrices",
    "medium": "media",
    "mouse": "mice",
    "person": "people",
    "quiz": "quizzes",
    "shelf": "shelves",
    "thesis": "theses",
    "tooth": "teeth",
    "wife": "wives",
    "wolf": "wolves",
    "woman": "women",
}
UNCOUNTABLE = frozenset(
    "advice aircraft cash content data equipment feedback fish furniture information knowledge "
    "luggage media money music news research series sheep software species staff weather".split()
)
# Words in -o that take -es; all others take -s (photos, videos, logos).
TAKES_ES = frozenset("echo embargo hero potato tomato torpedo veto".split())

# Words in -ie, -che and the like, whose plural ends as that of other words does.
KEEP_E = frozenset(
    "ache avalanche axe cache calorie cookie die lie movie niche pie tie zombie".split()
)


def pluralize(name: str) -> str:
    """Return the plural of `name`; of several words joined by underscores, the last one's."""
    head, separator, word = name.rpartition("_")
    return head + separator + _plural(word)


def singularize(word: str) -> str:
    """Return the name that `word` is most likely the plural of; itself where it is none."""
    head, separator, last = word.rpartition("_")
    return head + separator + _singular(last)


def singulars(plural: str) -> set[str]:
    """Return every name that `pluralize` makes `plural` of."""
    irregular = (one for one, many in IRREGULAR.items() if plural.endswith(many))
    candidates = {
        plural,
        plural[:-1],
        plural[:-2],
        f"{plural[:-3]}y",
        *(plural.removesuffix(IRREGULAR[one]) + one for one in irregular),
    }
    return {name for name in candidates if name and pluralize(name) == plural}


def _plural(word: str) -> str:
    if word in UNCOUNTABLE:
        return word
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word in TAKES_ES or word.endswith(("s", "x", "z", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in set("aeiou"):
        return f"{word[:-1]}ies"
    return f"{word}s"


def _singular(word: str) -> str:
    for one, many in IRREGULAR.items():
        if word == many:
            return one
    if word in UNCOUNTABLE or word in IRREGULAR or not word.endswith("s") or len(word) < 3:
        return word
    if word.endswith(("ss", "us", "is")):  # address, status, analysis
        return word
    if word.endswith("ies"):
        return word[:-1] if word[:-1] in KEEP_E else f"{word[:-3]}y"
    has_es = word.endswith(("sses", "xes", "ches", "shes", "tuses", "ruses", "nuses"))
    if word[:-2] in TAKES_ES or (has_es and word[:-1] not in KEEP_E):
        return word[:-2]
    return word[:-1]
