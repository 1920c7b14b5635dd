"""What a person is asked where no rule says it, or told as commands where nobody can be asked."""
