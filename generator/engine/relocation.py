"""A resource that gets another name: its folder moves, and what is called by it follows."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from generator.engine.transition import ResourceRename
from generator.project.project import files_of
from generator.tree import SYMLINK, File, Tree, read_file

CODE = (".py", ".ts")
Words = Mapping[str, str]


@dataclass(frozen=True)
class Relocation:
    """The new place of each folder that moves, and what the resource is called after the rename.

    Both sides of a merge get the new names before the template's new render is merged, so that only
    what the owner edited differs, and names that the owner uses are the new ones.
    """

    folders: Mapping[str, str]
    inside: Words
    outside: Words
    modules: Mapping[str, Words]
    tables: Words

    def path(self, path: str) -> str:
        """Return where the file at `path` is after the rename."""
        for old, new in self.folders.items():
            if path.startswith(f"{old}/"):
                return f"{new}{path.removeprefix(old)}"
        return path

    def applied(
        self, tree: Tree, owned: Container[str], snapshots: Container[str]
    ) -> dict[str, File]:
        """Return `tree` with files moved and names exchanged.

        Of the `owned`, modules only; of `snapshots`, what is called by the name of the table.
        """
        return {
            self.path(path): _with_tables(file, self.tables)
            if path in snapshots
            else _reworded(file, self._words(path, file, owned))
            for path, file in tree.items()
        }

    def followers(self, root: Path, known: Container[str]) -> Iterator[tuple[str, File]]:
        """Yield the owner's own files that move, or import a module that does."""
        for path in sorted(files_of(root)):
            if path in known or not (path.endswith(CODE) or self.path(path) != path):
                continue
            file = read_file(root / path)
            if file and (self.path(path) != path or self._imports(path, file)):
                yield path, file

    def _imports(self, path: str, file: File) -> bool:
        words = self.modules[PurePosixPath(path).suffix]
        return any(_pattern(word).search(file.content) for word in words)

    def _words(self, path: str, file: File, owned: Container[str]) -> Words:
        if file.mode == SYMLINK or not path.endswith(CODE):
            return {}
        modules = self.modules[PurePosixPath(path).suffix]
        if path in owned:
            return modules
        return {**modules, **(self.inside if self.path(path) != path else self.outside)}


def relocation(
    rename: ResourceRename, resources: Iterable[Mapping[str, Any]], base: Tree, theirs: Tree
) -> Relocation:
    """Return what moves by `rename`: folders called by the plural, as the two renders have them.

    The names of the project's other `resources`, and of all fields, stay what they are.
    """
    before, after = rename.before, rename.after
    old, new = before["plural"], after["plural"]
    gone, come = _folders(base), _folders(theirs)
    folders = {
        folder: place
        for folder in sorted(gone - come)
        if PurePosixPath(folder).name == old
        and (place := str(PurePosixPath(folder).with_name(new))) in come - gone
    }
    modules = {
        suffix: {_module(suffix, folder): _module(suffix, to) for folder, to in folders.items()}
        for suffix in CODE
    }
    plurals = dict(zip(_forms(old), _forms(new), strict=True))
    singulars = dict(zip(_forms(before["name"]), _forms(after["name"]), strict=True))
    # Elsewhere, the bare name is a field's that refers to the resource, and that stays.
    shared = {word: to for word, to in {**plurals, **singulars}.items() if not word.islower()}
    inside = {**plurals, **singulars}
    inside |= zip(_with_article(before["name"]), _with_article(after["name"]), strict=True)
    kept = {word: word for word in _others(resources, before["name"]) if word not in inside}
    tables = {old: new, f"{before['name']}_id": f"{after['name']}_id"}
    outside = {**shared, **kept}
    return Relocation(folders, {**inside, **kept}, outside, modules, tables)


def _module(suffix: str, folder: str) -> str:
    """Return how an import in a file with that suffix calls a folder."""
    path = PurePosixPath(folder)
    return f"/{path.name}" if suffix == ".ts" else ".".join(path.parts)


def _others(resources: Iterable[Mapping[str, Any]], name: str) -> Iterator[str]:
    """Yield the names of fields, and of the resources that are not called `name`."""
    for resource in resources:
        if resource["name"] != name:
            yield from (*_forms(resource["name"]), *_forms(resource["plural"]))
        for field in resource["fields"]:
            yield from _forms(field["name"])


def _folders(tree: Tree) -> set[str]:
    return {str(folder) for path in tree for folder in PurePosixPath(path).parents}


def _forms(name: str) -> list[str]:
    """Return a name as code and prose have it: order_line, OrderLine, orderLine, Order line."""
    phrase = name.replace("_", " ")
    camel = "".join(word.capitalize() for word in name.split("_"))
    lower_camel = name[0] + camel[1:]
    return [name, camel, lower_camel, name.upper(), phrase, phrase.capitalize()]


def _with_article(name: str) -> list[str]:
    """Return a name as the object of a sentence, "an order line", and at its beginning."""
    text = f"{'an' if name[0] in 'aeiou' else 'a'} {name.replace('_', ' ')}"
    return [text, text.capitalize()]


def _pattern(word: str) -> re.Pattern[bytes]:
    """Return what finds `word` as a whole part of an identifier: book in get_book, not in books.

    What a method is called, as in data.items(), or a text that is just the word, as "items" of a
    page, is no name of the resource.
    """
    end = r"(?![A-Za-z])" if word.isupper() else r"(?![a-z])"
    text = re.escape(word) + end
    plain = rf"(?<![A-Za-z.\"']){text}|(?<=\.){text}(?!\()|(?<=[\"']){text}(?![\"'])"
    return re.compile(plain.encode())


def _with_tables(file: File, words: Words) -> File:
    """Return `file` with each of the words exchanged, where no letter is beside it."""
    content = file.content
    for word, other in words.items():
        content = re.sub(rf"(?<![A-Za-z]){word}(?![A-Za-z])".encode(), other.encode(), content)
    return File(content, file.mode)


def _reworded(file: File, words: Words) -> File:
    if not words:
        return file
    longest = sorted(words, key=len, reverse=True)
    pattern = re.compile(b"|".join(_pattern(word).pattern for word in longest))
    content = pattern.sub(lambda found: words[found[0].decode()].encode(), file.content)
    return File(content, file.mode)
