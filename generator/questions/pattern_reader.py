"""Reads patterns from the left: what is written in another way, and what is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from generator.errors import UsageError

MAX_COUNT = 200
CHARACTER = r"[A-Za-z0-9_!#%&'@~\"`:;<>=,/-]"
# Characters that a backslash goes before: outside of a class, and inside of one as well.
ESCAPED, ESCAPED_IN_CLASS = r"^$.*+?()[]{}|", "^[]-"
IN_CLASS = r"[A-Za-z0-9_!#%'@\"`:;<>=,/$.*+?(){}|]"
ITEM = re.compile(rf"(?:\\[\^\[\]-]|{IN_CLASS})")
COUNT = re.compile(r"[*+?]|\{([0-9]{1,3})(,[0-9]{0,3})?\}")
# What these mean differs, or begins a class or a group of another kind.
DIGIT, WORD = "0-9", "A-Za-z0-9_"


@dataclass(frozen=True)
class Digits:
    """A place for a number of at least `least` digits, and at most `most`; None is any number.

    Where letters are allowed, too, the first one is `letter`.
    """

    least: int
    most: int | None
    letter: str = ""


Parts = list[str | Digits]


class Reader:
    """Reads a pattern from the left: what it returns is in the recorded form, and its parts."""

    def __init__(self, given: str, left: str) -> None:
        self.given, self.left = given, left

    def refused(
        self, why: str, hint: str = "See the rules of a field in docs/cli.md."
    ) -> UsageError:
        return UsageError(f"The pattern {self.given!r} is refused: {why}.", hint)

    def alternatives(self) -> tuple[list[str], Parts]:
        written, parts = self.sequence()
        branches = [written]
        while self.left.startswith("|"):
            self.left = self.left[1:]
            branches.append(self.sequence()[0])
        return branches, parts

    def sequence(self) -> tuple[str, Parts]:
        written, parts = "", Parts()
        while self.left and self.left[0] not in "|)":
            atom, sample = self.atom()
            count, least, most = self.count()
            written += atom + count
            if (
                len(sample) == 1
                and isinstance(one := sample[0], Digits)
                and one.least == 1 == one.most
            ):
                parts.append(replace(one, least=least, most=most))
            elif (least, most) == (1, 1):
                parts += sample
            else:
                plain = [p if isinstance(p, str) else "0" * p.least for p in sample]
                parts.append("".join(plain) * least)
        return written, parts

    def atom(self) -> tuple[str, Parts]:
        first = self.left[0]
        if first == "[":
            return self.character_class()
        if first == "(":
            return self.group()
        if first == "\\":
            return self.escape()
        if not re.fullmatch(CHARACTER, first):
            raise self.refused(*_why(first))
        self.left = self.left[1:]
        return first, [first]

    def group(self) -> tuple[str, Parts]:
        self.left = self.left[1:].removeprefix("?:")
        if self.left.startswith("?"):
            raise self.refused("groups such as (?=...) differ between languages")
        branches, parts = self.alternatives()
        if not self.left.startswith(")"):
            raise self.refused("a ( has no )")
        self.left = self.left[1:]
        return f"(?:{'|'.join(branches)})", parts

    def escape(self) -> tuple[str, Parts]:
        character, self.left = self.left[1:2], self.left[2:]
        if character in "dw" and character:
            inner, letter = (DIGIT, "") if character == "d" else (WORD, "A")
            return f"[{inner}]", [Digits(1, 1, letter)]
        if character and character in ESCAPED:
            return f"\\{character}", [character]
        if not re.fullmatch(CHARACTER, character) or character.isalnum():
            raise self.refused(f"\\{character} differs between languages")
        return character, [character]

    def character_class(self) -> tuple[str, Parts]:
        self.left = self.left[1:]
        if self.left.startswith("^"):
            raise self.refused("a class says which characters there are", "Remove the [^...].")
        items: list[str] = []
        while self.left and self.left[0] != "]":
            items.append(self.item(is_end=not items or self.left[1:2] == "]"))
        if not items or not self.left:
            raise self.refused("a [ has no ]")
        self.left = self.left[1:]
        written = f"[{''.join(items)}]"
        if all(re.fullmatch(written, digit) for digit in "0123456789"):
            letter = _first(items[0])
            return written, [Digits(1, 1, letter if letter.isalpha() else "")]
        return written, [_first(items[0])]

    def item(self, *, is_end: bool) -> str:
        """Return one character of a class, or a range."""
        for shorthand, inner in (("\\d", DIGIT), ("\\w", WORD)):
            if self.left.startswith(shorthand):
                self.left = self.left[2:]
                return inner
        if self.left.startswith("-") and is_end:
            self.left = self.left[1:]
            return "\\-"
        first = self.character()
        if not (self.left.startswith("-") and self.left[1:2] not in ("]", "")):
            return first
        self.left = self.left[1:]
        last = self.character()
        if not (first.isalnum() and last.isalnum() and first <= last):
            raise self.refused(f"{first}-{last} is no range")
        return f"{first}-{last}"

    def character(self) -> str:
        """Return one character of a class, as it is written there."""
        found = ITEM.match(self.left)
        if found is None and self.left[:1] == "\\" and re.fullmatch(IN_CLASS, self.left[1:2]):
            self.left = self.left[1:]  # a backslash that nothing needs
            found = None if self.left[0].isalnum() else ITEM.match(self.left)
        if found is None:
            raise self.refused(f"{self.left[:2]!r} in a class differs between languages")
        self.left = self.left[found.end() :]
        return found[0]

    def count(self) -> tuple[str, int, int | None]:
        """Return a count as it is written, the least of it, and the most; None is any number."""
        found = COUNT.match(self.left)
        if found is None:
            return "", 1, 1
        self.left = self.left[found.end() :]
        if self.left[:1] and self.left[0] in "*+?{":
            raise self.refused("a count follows another")
        if found[1] is None:
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[found[0]]
            return found[0], least, most
        least = int(found[1])
        upper = found[2]
        most = least if upper is None else int(upper[1:]) if upper != "," else None
        if max(least, most or 0) > MAX_COUNT or (most is not None and (most < least or not most)):
            raise self.refused(f"{found[0]} is no count up to {MAX_COUNT}")
        return found[0], least, most


def _first(item: str) -> str:
    return item.removeprefix("\\")[0]


def _why(character: str) -> tuple[str, str]:
    """Return what is wrong with a character, and the cure."""
    if character == ".":
        return ". means other characters in each language", "Name them, such as [A-Za-z0-9_]."
    if character in "^$":
        return f"{character} is not at its end", "A pattern describes the whole value anyway."
    if character in "*+?{":
        return f"{character} counts nothing", f"Write \\{character} for the character."
    if character.isspace():
        return "it contains a space", "Leave it out, or give the rule in the code."
    return f"{character!r} is not plain ASCII, or needs a backslash", "Change it."
