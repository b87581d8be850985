"""The commands of the command line, one module each.

A command has a ``NAME``, ``add_arguments(parser)`` and ``command(options)``, which gives the exit
code. What is slow to import is imported inside it, so that help and settings come at once.
"""
