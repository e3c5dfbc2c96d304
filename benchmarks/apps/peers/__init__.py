"""What the generated projects are compared with, on the tables of `schema.sql`.

The `*_minimal` applications and `django_rest`, `django_ninja` show a framework as its documentation
does; the others are written in the style of a well-known starter.
"""
