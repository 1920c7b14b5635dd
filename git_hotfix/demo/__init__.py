"""The story that `git hotfix demo` plays, and the stage that it is played on."""
