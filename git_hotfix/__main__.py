"""`python -m git_hotfix` is `git-hotfix`."""

import sys

from git_hotfix.cli import main

sys.exit(main())
