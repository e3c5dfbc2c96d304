"""Cheap password hashes for servers under test, where hundreds of logins do not test the cost.

Python imports this module when it starts, if PYTHONPATH names this folder.
"""

import sys
from contextlib import suppress

TIME_COST, MEMORY_COST, PARALLELISM = 1, 8, 1

with suppress(ImportError):
    import argon2

    # Before pwdlib takes them as its own defaults.
    argon2.DEFAULT_TIME_COST = TIME_COST
    argon2.DEFAULT_MEMORY_COST = MEMORY_COST
    argon2.DEFAULT_PARALLELISM = PARALLELISM

if {"manage.py", "gunicorn"} & set(sys.orig_argv):
    with suppress(ImportError):
        from django.contrib.auth.hashers import Argon2PasswordHasher

        Argon2PasswordHasher.time_cost = TIME_COST
        Argon2PasswordHasher.memory_cost = MEMORY_COST
        Argon2PasswordHasher.parallelism = PARALLELISM
