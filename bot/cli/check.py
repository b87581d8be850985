"""Try each part for real, and say what to do where one fails."""

import argparse
import sys

NAME = "check"


def add_arguments(p: argparse.ArgumentParser) -> None: ...
def command(o: argparse.Namespace) -> int:
    return 0
