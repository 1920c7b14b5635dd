"""What is run on a hotfix: settings of the user, the code it runs on, the command, and its entry in the record."""
