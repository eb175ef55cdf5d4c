#!/usr/bin/env bash
#
# run.sh - what docs/tutorial.md shows is what comes out.

exec "${MIGRATE_PYTHON:-python3}" tests/tutorial/tutorial.py docs/tutorial.md
