"""Run the command line: ``python -m analysis``."""

import sys

from analysis.commands.main import main

sys.exit(main())
