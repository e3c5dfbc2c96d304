"""Hostile texts: what a person may type, and templates forget to escape."""

from __future__ import annotations

SAMPLES = {
    "quotes": 'It\'s a "quoted" text',
    "braces": "{{ left }} {% braces %} {# all #}",
    "backslashes": "C:\\new\\table $HOME `x`",
    "emoji": "Crème 🍰 日本語",
    "newline": "one line\nand another: with a colon",
    "long": "long " * 60 + "text",
}
# What a question that must be answered is tried with, until the template takes one.
PLAIN = ("my-project", "my_project", "myproject", "My Project", "ada@example.com", "1.0.0", "1")
