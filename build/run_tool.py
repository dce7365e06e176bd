#!/usr/bin/python3
"""Runs a program that the build has made, as an action of GN's: run_tool.py PROGRAM ARGUMENT..."""

import os
import subprocess
import sys

# What such a program has not freed when it ends, and what races there are in V8, is no reason to end a build.
ENVIRONMENT = dict(os.environ, ASAN_OPTIONS="detect_leaks=0", TSAN_OPTIONS="report_bugs=0")

sys.exit(subprocess.run(sys.argv[1:], env=ENVIRONMENT, check=False).returncode)
