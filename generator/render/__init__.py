"""From a template and answers to files. The only package that imports copier and jinja2."""
