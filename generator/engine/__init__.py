"""The operations on projects. They return results: nothing here prints, asks or exits."""
